import { describe, expect } from 'vitest';
import type { Launcher, Slot } from '../../src/core/launcher.ts';
import { withPinningCheck } from '../../src/launch/check-pinning.ts';
import { readManifest, writeManifest } from '../../src/store/manifest-file.ts';
import { createRunDir } from '../../src/store/run-dir.ts';
import { specOf } from '../helpers/spec.ts';
import { test } from '../helpers/temp-dir.ts';

const SLOT: Slot = { index: 0, cpus: [2, 3] };

/** Says what each of so many runs says about its CPUs, of which they read `allowed` back. */
async function said(
  dir: string,
  allowed: string | undefined,
  { slot = SLOT, runs = 1, hasProgress = true } = {},
): Promise<string[]> {
  const texts: string[] = [];
  const inner: Launcher = {
    name: 'inner',
    run(spec, { index }, { onProgress }) {
      createRunDir(spec);
      const affinity = { slot: index, ...(allowed !== undefined && { allowed }) };
      writeManifest(spec.dir, { ...readManifest(spec.dir), affinity });
      if (hasProgress) onProgress({ step: 0, metrics: {} });
      return Promise.resolve({ spec, status: 'completed', stderr: [] });
    },
  };
  const launcher = withPinningCheck(inner, (text) => texts.push(text));
  const options = { signal: new AbortController().signal, onProgress: () => {} };
  for (let i = 0; i < runs; i++) {
    await launcher.run(specOf({ id: `run-${i}`, dir: `${dir}/toy/run-${i}` }), slot, options);
  }
  return texts;
}

describe('withPinningCheck', () => {
  const problem =
    'A run was to use the CPUs 2-3, and may use 3: its share is another one than planned.';

  test('says once that runs may use other CPUs than those of their slots', async ({ dir }) => {
    expect(await said(dir, '3', { runs: 3 })).toEqual([problem]);
  });

  test('says so of runs, too, that never tell of progress', async ({ dir }) => {
    expect(await said(dir, '3', { hasProgress: false })).toEqual([problem]);
  });

  test.for([
    ['the CPUs are those of the slot', '2-3', SLOT],
    ['nobody has read them back', undefined, SLOT],
    ['the slot has none', '0-7', { index: 0, cpus: [] }],
  ] as const)('says nothing where %s', async ([, allowed, slot], { dir }) => {
    expect(await said(dir, allowed, { slot })).toEqual([]);
  });
});

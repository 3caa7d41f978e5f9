import { existsSync } from 'node:fs';
import { describe, expect } from 'vitest';
import type { Outcome, RunProgress } from '../../src/core/launcher.ts';
import type { RunSpec } from '../../src/core/run-spec.ts';
import { define, type Command } from '../../src/experiment/definition.ts';
import { logger } from '../../src/logging/logger.ts';
import { readManifest } from '../../src/store/manifest-file.ts';
import { DebugLauncher } from '../../src/worker/debug-launcher.ts';
import { specOf } from '../helpers/spec.ts';
import { test } from '../helpers/temp-dir.ts';

const SLOT = { index: 0, cpus: [] };
const NEVER = new AbortController().signal;

describe('DebugLauncher', () => {
  test('executes a run in a scope of its own', async ({ dir }) => {
    const heard: RunProgress[] = [];

    const outcome = await launch(dir, () => logger.log({ loss: 0.5 }, { step: 3 }), {
      onProgress: (progress) => void heard.push(progress),
    });

    expect(outcome).toMatchObject({ status: 'completed', stderr: [] });
    expect(readManifest(outcome.spec.dir)).toMatchObject({ step: 3, summary: { loss: 0.5 } });
    expect(heard).toEqual([{ step: 3, metrics: { loss: 0.5 } }]);
  });

  test('makes a failed run of an error', async ({ dir }) => {
    const thrown: unknown[] = [];
    const mistake = new Error('what now?');

    const outcome = await launch(
      dir,
      () => {
        throw mistake;
      },
      { onThrown: (error) => void thrown.push(error) },
    );

    expect(outcome).toMatchObject({ status: 'failed', reason: 'what now?' });
    expect(thrown).toEqual([mistake]);
  });

  test('leaves a run behind that never ends, once it is stopped', async ({ dir }) => {
    const stop = new AbortController();
    let seen: AbortSignal | undefined;

    const outcome = await launch(
      dir,
      (run) => {
        seen = run.signal;
        setImmediate(() => stop.abort());
        return new Promise(() => {});
      },
      { signal: stop.signal },
    );

    expect(outcome).toMatchObject({ status: 'interrupted', reason: 'stopped' });
    expect(readManifest(outcome.spec.dir)).toMatchObject({
      status: 'interrupted',
      attempts: [{ status: 'interrupted' }],
    });
    expect(seen?.aborted).toBe(true);
  });

  test('does not begin a run that is stopped already', async ({ dir }) => {
    let hasBegun = false;

    const outcome = await launch(dir, () => (hasBegun = true), { signal: AbortSignal.abort() });

    expect(outcome.status).toBe('interrupted');
    expect(hasBegun).toBe(false);
  });

  test('makes a failed run of one that cannot start', async ({ dir }) => {
    const outcome = await launch(dir, () => undefined, { sinks: ['nowhere'] });

    expect(outcome.status).toBe('failed');
    expect(outcome.reason).toContain('There is no sink "nowhere"');
    expect(existsSync(outcome.spec.dir)).toBe(true);
  });
});

interface Setup {
  readonly signal?: AbortSignal;
  readonly sinks?: readonly string[];
  readonly onProgress?: (progress: RunProgress) => void;
  readonly onThrown?: (error: unknown) => void;
}

function launch(
  dir: string,
  main: Command,
  { signal = NEVER, sinks = [], onProgress = () => {}, onThrown = () => {} }: Setup = {},
): Promise<Outcome> {
  const definition = define('experiment("toy")', { name: 'toy' }, new Map([['main', main]]));
  const spec: RunSpec = specOf({ dir: `${dir}/toy/the-run`, sinks });
  return new DebugLauncher(definition, { onThrown }).run(spec, SLOT, { signal, onProgress });
}

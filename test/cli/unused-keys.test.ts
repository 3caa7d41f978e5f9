import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { wasRead } from '../../src/cli/unused-keys.ts';
import { identify } from '../../src/store/process-identity.ts';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/reads/main.ts';

/** `show --unused` of the only run under a root. */
async function unused(root: string, ...flags: string[]): Promise<string> {
  const { code, stdout } = await runExp(['show', 'last', '--unused', '--root', root, ...flags]);
  expect(code).toBe(0);
  return stdout;
}

describe('wasRead', () => {
  test.for<[read: string, key: string, was: boolean]>([
    ['layers', 'layers[0].width', true],
    ['net.layers', 'net', true],
    ['net', 'net.layers', true],
    ['net', 'nets', false],
    ['gpt-4.1', '["gpt-4.1"]', true],
    ['["gpt-4.1"]', '["gpt-4.1"]', true],
    ['lr', 'layers[0]', false],
  ])('of %s, says of %s: %s', ([read, key, was]) => {
    expect(wasRead({ [read]: ['main'] }, key)).toBe(was);
  });
});

describe('run-exp show --unused', () => {
  test('lists the keys that nothing has read, with their values', async ({ dir }) => {
    await runExp([FILE, 'momentum=0.5', '--root', dir]);

    const lines = (await unused(dir)).trimEnd().split('\n');
    expect(manifestOf(runDirs(dir, 'reads')[0]!)['reads']).toEqual({
      lr: ['main'],
      'train.epochs': ['main'],
      end: ['main'],
    });
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['never read', 'value'],
      ['momentum', '0.5'],
      ['train.size', '2'],
      ['layers', '[8]'],
    ]);
    expect(JSON.parse(await unused(dir, '--json'))).toEqual({
      unused: ['momentum', 'train.size', 'layers'],
    });
  });

  test('says so when all were read, and when it is not known', async ({ dir }) => {
    await runExp([FILE, '--root', dir]);
    const [run] = runDirs(dir, 'reads') as [string];
    const path = join(run, 'run.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const write = (reads: unknown, status: string): void =>
      writeFileSync(path, JSON.stringify({ ...manifest, status, reads }));

    write({ lr: [''], momentum: [''], train: ['a'], layers: [''], end: [''] }, 'completed');
    expect(await unused(dir)).toBe('Every config key of this run was read.\n');
    write(undefined, 'completed');
    expect(await unused(dir)).toMatch(/^Which keys the run has read is not recorded/);
    manifest['attempts'] = [{ process: identify(), startedAt: '', status: 'running' }];
    write(undefined, 'running');
    expect(JSON.parse(await unused(dir, '--json'))).toEqual({
      unused: null,
      reason: expect.stringContaining('is recorded at its end'),
    });
  });
});

describe('the report of a sweep', () => {
  const never = (key: string): string => `${key} was swept but never read.`;
  // What did not run says nothing either, hence the exit code.
  const sweep = async (expected: number, root: string, ...axes: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runExp([FILE, '--sweep', ...axes, '--root', root]);
    expect(code, stderr).toBe(expected);
    return stdout;
  };

  test('names the swept keys that no run has read, but for the seed', async ({ dir }) => {
    const stdout = await sweep(0, dir, 'lr=1,2', 'momentum=1,2', 'train.size=1,2');
    const read = await sweep(0, dir, 'train.epochs=1,2', 'seed=1,2');

    expect(stdout).toContain(never('momentum'));
    expect(stdout).toContain(never('train.size'));
    expect(stdout).not.toContain(never('lr'));
    expect(read).not.toContain('never read');
  });

  test('counts what a run reads before it fails, and needs one that completes', async ({ dir }) => {
    const some = await sweep(1, dir, 'end=throw,kill,well', 'momentum=1,2');
    const none = await sweep(1, dir, 'end=throw,kill', 'momentum=1,2');

    expect(some).toContain(never('momentum'));
    expect(some).not.toContain(never('end'));
    expect(none).not.toContain('never read');
  });
});

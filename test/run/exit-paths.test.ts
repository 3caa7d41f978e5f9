import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { REPO, start } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { readScalars } from '../helpers/tensorboard.ts';

const missing = inject('missingTools');
const PROGRAM = join(REPO, 'test/fixtures/killed/end.js');

const WAYS: readonly (readonly [how: string, status: string])[] = [
  ['return', 'completed'],
  ['close', 'failed'],
  ['throw', 'failed'],
  ['exit', 'failed'],
  ['rejection', 'failed'],
  ['uncaught', 'failed'],
  ['SIGTERM', 'interrupted'],
  ['SIGINT', 'interrupted'],
  ['SIGHUP', 'interrupted'],
];

describe('a program that ends while its CSV is about to get new columns', () => {
  test('loses nothing, however it ends', async ({ dir, skip }) => {
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);

    const runs: string[] = [];
    for (const [how, status] of WAYS) {
      const root = join(dir, how);
      await start(process.execPath, [PROGRAM, root, how]).finished;
      const [run] = runDirs(root, 'end');
      runs.push(run!);
      expect({ how, status: manifestOf(run!)['status'] as string }).toEqual({ how, status });
    }

    const read = readScalars(...runs);
    for (const run of runs) {
      const rows = progressOf(run);
      expect(rows.map((row) => row['i'])).toEqual(Array.from({ length: 25_003 }, (_, i) => `${i}`));
      expect(rows.slice(-3).map((row) => [row['late_0'], row['late_1'], row['late_2']])).toEqual([
        ['0', '', ''],
        ['', '1', ''],
        ['', '', '2'],
      ]);
      expect(read[run]!['i']).toHaveLength(25_003);
      expect(read[run]!['late_2']).toHaveLength(1);
      expect(manifestOf(run)).not.toHaveProperty('degraded');
      expect(readdirSync(run).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    }
  }, 120_000);
});

describe('a run whose main is over', () => {
  test('has completed, whatever ends the process while a sink still closes', async ({ dir }) => {
    const program = join(REPO, 'test/fixtures/killed/closing.js');
    const { child, until, finished } = start(process.execPath, [program, dir]);
    await until(/closing/);
    child.kill('SIGTERM');

    expect(await finished).toMatchObject({ signal: 'SIGTERM' });
    const [run] = runDirs(dir, 'closing');
    expect(manifestOf(run!)).toMatchObject({
      status: 'completed',
      degraded: [{ sink: 'slow', rows: 0, reason: 'the process ended before the sink had closed' }],
    });
  });
});

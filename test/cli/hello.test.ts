import { describe, expect, inject } from 'vitest';
import { decodeNumber } from '../../src/formats/csv.ts';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { readScalars } from '../helpers/tensorboard.ts';

const missing = inject('missingTools');

describe('examples/hello', () => {
  test('runs, and TensorBoard reads the scalars the CSV holds', async ({ dir, skip }) => {
    const { code } = await runExp(['examples/hello/main.ts', '--root', dir, '--seed', '7']);
    expect(code).toBe(0);

    const [run] = runDirs(dir, 'hello');
    expect(manifestOf(run!)).toMatchObject({ status: 'completed', seed: 7 });
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
    const { pi } = readScalars(run!)[run!]!;
    const rows = progressOf(run!);
    expect(pi!.map(({ step, value }) => [step, value])).toEqual(
      rows.map((row) => [Number(row['step']), Math.fround(decodeNumber(row['pi'])!)]),
    );
  });
});

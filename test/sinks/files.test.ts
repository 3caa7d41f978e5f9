import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, inject } from 'vitest';
import { decodeNumber } from '../../src/formats/csv.ts';
import { logger, openRun } from '../../src/index.ts';
import { progressOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { readScalars } from '../helpers/tensorboard.ts';

const missing = inject('missingTools');

/** Logs in a run with both file sinks and returns its directory. */
async function logInto(root: string, work: () => void): Promise<string> {
  await using run = await openRun({ name: 'files', root, sinks: ['csv', 'tensorboard'] });
  work();
  return run.dir;
}

describe('progress.csv', () => {
  test('has the columns of every row first, then metrics as they were first seen', async ({
    dir,
  }) => {
    const run = await logInto(dir, () => {
      logger.log({ b: 1 });
      logger.log({ a: 2, b: 3 });
    });

    const [header] = readFileSync(join(run, 'progress.csv'), 'utf8').split('\n');
    expect(header).toBe('step,wall_time,elapsed,b,a');
  });

  test('stays rectangular when a metric appears late: empty before, never zero', async ({
    dir,
  }) => {
    const run = await logInto(dir, () => {
      for (let i = 0; i < 5000; i++) logger.log({ early: i, note: 'two\nlines, "quoted"' });
      logger.log({ late: 1, 'later, too': 2 });
    });

    const rows = progressOf(run);
    expect(rows).toHaveLength(5001);
    expect(rows[0]).toMatchObject({ early: '0', late: '', 'later, too': '' });
    expect(rows[4999]).toMatchObject({ early: '4999', note: 'two\nlines, "quoted"', late: '' });
    expect(rows[5000]).toMatchObject({ early: '', late: '1', 'later, too': '2' });
    expect(readdirSync(run).filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  test('gives back every number as it was logged', async ({ dir }) => {
    const numbers = [
      0,
      -0,
      1e-320,
      0.1 + 0.2,
      2 ** 53,
      Number.MAX_VALUE,
      Number.NaN,
      Infinity,
      -Infinity,
    ];
    const run = await logInto(dir, () => {
      for (const x of numbers) logger.log({ x });
    });

    expect(progressOf(run).map((row) => decodeNumber(row['x']))).toEqual(numbers);
  });
});

describe('the event file', () => {
  test('holds what the CSV holds: same tags, steps and values, as 32-bit floats', async ({
    dir,
    skip,
  }) => {
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
    const tag = fc.stringMatching(/^[a-z][a-z0-9_, "]{0,8}(\/[a-zé]{1,8})?$/);
    const row = fc.dictionary(tag, fc.oneof(fc.double(), fc.integer()), { minKeys: 1, maxKeys: 4 });
    const [rows] = fc.sample(fc.array(row, { minLength: 60, maxLength: 60 }), 1);

    const run = await logInto(dir, () => {
      rows!.forEach((metrics, i) => logger.log(metrics, { step: i * 3 }));
    });

    const expected: Record<string, [number, number][]> = {};
    for (const { step, wall_time: _, elapsed: __, ...cells } of progressOf(run)) {
      for (const [name, text] of Object.entries(cells)) {
        if (text !== '')
          (expected[name] ??= []).push([Number(step), Math.fround(decodeNumber(text)!)]);
      }
    }
    const read = Object.entries(readScalars(run)[run]!).map(([name, scalars]) => [
      name,
      scalars.map(({ step, value }) => [step, value]),
    ]);
    expect(Object.fromEntries(read)).toEqual(expected);
  });

  test('takes flags as 0 and 1, and leaves text to the CSV', async ({ dir, skip }) => {
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);

    const run = await logInto(dir, () => logger.log({ done: true, name: 'x', count: 3n }));

    const scalars = readScalars(run)[run]!;
    expect(Object.keys(scalars).sort()).toEqual(['count', 'done']);
    expect(scalars['done']![0]!.value).toBe(1);
  });
});

import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect } from 'vitest';
import { csvSink } from '../../sinks/csv.ts';
import { jsonlSink } from '../../sinks/jsonl.ts';
import type { Row, Value } from '../../src/core/record.ts';
import type { Sink } from '../../src/core/sink.ts';
import { FanOut } from '../../src/logging/fan-out.ts';
import { COMPLETED, rowOf, sinkRun } from '../helpers/sink-run.ts';
import { test } from '../helpers/temp-dir.ts';

/** One attempt of a run: opens the sink, writes rows and closes it. */
async function attempt(
  dir: string,
  rows: readonly Row[],
  { resumedAt, sink = csvSink() }: { resumedAt?: number; sink?: Sink } = {},
): Promise<void> {
  const run = sinkRun(dir, resumedAt === undefined ? {} : { resumedAt });
  const fanOut = new FanOut([sink], run);
  for (const row of rows) fanOut.push(row);
  await fanOut.close(COMPLETED);
  expect(fanOut.degraded).toEqual([]);
}

/** Rows of `progress.csv` as lists, without their times. */
function tableOf(dir: string): string[][] {
  const rows = parse(readFileSync(join(dir, 'progress.csv'), 'utf8'));
  return rows.map(([step, , , ...cells]) => [step!, ...cells]);
}

describe('a resumed run', () => {
  test('goes on in progress.csv below the rows that still count', async ({ dir }) => {
    await attempt(
      dir,
      [0, 1, 2, 3].map((step) => rowOf(step, { a: step, 'b, "c"': 'x\ny' })),
    );

    await attempt(dir, [rowOf(2, { a: 20 }), rowOf(3, { late: true })], { resumedAt: 2 });

    expect(tableOf(dir)).toEqual([
      ['step', 'a', 'b, "c"', 'late'],
      ['0', '0', 'x\ny', ''],
      ['1', '1', 'x\ny', ''],
      ['2', '20', '', ''],
      ['3', '', '', 'true'],
    ]);
    expect(existsSync(join(dir, 'progress.csv.tmp'))).toBe(false);
  });

  test.for([
    { torn: 'in a number', tail: '2,17628' },
    { torn: 'inside of quotes', tail: '2,1.5,0.2,1,"x\n' },
  ])('drops a last row that was torn $torn', async ({ tail }, { dir }) => {
    await attempt(dir, [rowOf(0, { a: 1, b: 'x' })]);
    appendFileSync(join(dir, 'progress.csv'), tail);

    await attempt(dir, [rowOf(9, { b: 'y' })], { resumedAt: 9 });

    expect(tableOf(dir)).toEqual([
      ['step', 'a', 'b'],
      ['0', '1', 'x'],
      ['9', '', 'y'],
    ]);
  });

  test.for([
    { was: 'missing', before: undefined },
    { was: 'empty', before: '' },
    { was: 'torn in its header', before: 'step,wall' },
  ])('starts progress.csv anew if it was $was', async ({ before }, { dir }) => {
    if (before !== undefined) writeFileSync(join(dir, 'progress.csv'), before);

    await attempt(dir, [rowOf(4, { a: 1 })], { resumedAt: 4 });

    expect(tableOf(dir)).toEqual([
      ['step', 'a'],
      ['4', '1'],
    ]);
  });

  test('does not touch a progress.csv that is not of a run', async ({ dir }) => {
    writeFileSync(join(dir, 'progress.csv'), 'x,y\n1,2\n');

    await expect(attempt(dir, [], { resumedAt: 1 })).rejects.toThrow(
      'progress.csv has other columns than a run writes: x, y',
    );
    expect(readFileSync(join(dir, 'progress.csv'), 'utf8')).toBe('x,y\n1,2\n');
  });

  test('goes on in metrics.jsonl below the rows that still count, without a torn line', async ({
    dir,
  }) => {
    const sink = jsonlSink();
    const note = 'x'.repeat(100_000);
    await attempt(
      dir,
      [0, 1, 2, 3].map((step) => rowOf(step, { a: step, note })),
      { sink },
    );
    appendFileSync(join(dir, 'metrics.jsonl'), '{"step":1,"wall');

    await attempt(dir, [rowOf(2, { a: 20, late: true })], { sink, resumedAt: 2 });

    const lines = readFileSync(join(dir, 'metrics.jsonl'), 'utf8').split('\n').slice(0, -1);
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toMatchObject([
      { step: 0, a: 0, note },
      { step: 1, a: 1, note },
      { step: 2, a: 20, late: true },
    ]);
    expect(rows).toHaveLength(3);
  });

  test('goes on behind what a sink wrote that has no way to reopen it', async ({ dir }) => {
    const sink: Sink = {
      name: 'steps',
      open: () => ({
        file: 'steps.txt',
        head: 'steps\n',
        encode: (rows) => ({ append: rows.map(({ step }) => `${step}\n`).join('') }),
      }),
    };
    await attempt(dir, [rowOf(0, {}), rowOf(1, {})], { sink });

    await attempt(dir, [rowOf(1, {})], { sink, resumedAt: 1 });

    expect(readFileSync(join(dir, 'steps.txt'), 'utf8')).toBe('steps\n0\n1\n1\n');
  });

  test('has the file of one that was never cut, wherever it was cut', async ({ dir }) => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('a", \n\ré')) });
    const metrics = fc.dictionary(fc.constantFrom('a', 'b', 'c, "d"'), text);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(metrics, { minLength: 1, maxLength: 8 }),
        fc.nat(8),
        fc.nat(3),
        async (all, cut, more) => {
          const [whole, parts] = [dirOf(dir, count++), dirOf(dir, count++)];
          const rows = all.map((one, step) => rowOf(step, one as Record<string, Value>));
          await attempt(whole, rows);

          // The first attempt got further than where the second one begins.
          await attempt(parts, rows.slice(0, cut + more));
          await attempt(parts, rows.slice(cut), { resumedAt: cut });

          const expected = tableOf(whole);
          const columns = tableOf(parts)[0]!;
          expect(new Set(columns)).toEqual(new Set(expected[0]));
          const reordered = tableOf(parts).map((row) =>
            expected[0]!.map((name) => row[columns.indexOf(name)]),
          );
          expect(reordered).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function dirOf(dir: string, index: number): string {
  const path = join(dir, String(index));
  mkdirSync(path);
  return path;
}

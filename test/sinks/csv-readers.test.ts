import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import type { Value } from '../../src/core/record.ts';
import { logger, openRun } from '../../src/index.ts';
import { progressOf } from '../helpers/stored.ts';
import { readWithDuckdb, readWithPandas } from '../helpers/tables.ts';
import { test } from '../helpers/temp-dir.ts';

const missing = inject('missingTools');

/** Logs one row for each value of the longest column, and returns the run's directory. */
async function logColumns(
  root: string,
  columns: Readonly<Record<string, readonly (Value | undefined)[]>>,
): Promise<string> {
  await using run = await openRun({ name: 'readers', root, sinks: ['csv'] });
  const length = Math.max(...Object.values(columns).map((values) => values.length));
  for (let i = 0; i < length; i++) {
    logger.log(Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, all[i]])));
  }
  return run.dir;
}

// Each column starts with the values of its kind and ends in missing ones.
const DATE = new Date('2026-01-31T15:25:01.123+01:00');
const NAME = 'a name, with "all"\nof it\r';
const columns = {
  float: [0.1 + 0.2, NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE, 1e21],
  whole: [0, -1, 2 ** 53, Number.MIN_SAFE_INTEGER, 3, 4, 5],
  huge: [2n ** 64n + 1n, -(2n ** 64n), 3n, 4n, 5n, 6n, 7n, 8n],
  long: [2n ** 53n + 1n, 1n, 2n, 3n, 4n, 5n, 6n, 7n],
  flag: [true, false, true],
  date: [DATE, DATE],
  text: [
    'a,b',
    'the "best"',
    'two\nlines',
    'windows\r\nlines',
    'lone\rreturn',
    'größe 学 😀',
    ' x ',
  ],
  [NAME]: [1, 2, 3],
} satisfies Record<string, Value[]>;

describe('every kind of value in progress.csv', () => {
  test('has its spelling, as csv-parse reads it', async ({ dir }) => {
    const rows = progressOf(await logColumns(dir, columns));

    const cells = (name: string): string[] => rows.map((row) => row[name]!);
    expect(cells('float')).toEqual([
      '0.30000000000000004',
      'nan',
      'inf',
      '-inf',
      '-0',
      '5e-324',
      '1.7976931348623157e+308',
      '1e+21',
    ]);
    expect(cells('whole').slice(0, 4)).toEqual([
      '0',
      '-1',
      '9007199254740992',
      '-9007199254740991',
    ]);
    expect(cells('huge').slice(0, 2)).toEqual(['18446744073709551617', '-18446744073709551616']);
    expect(cells('flag').slice(0, 4)).toEqual(['true', 'false', 'true', '']);
    expect(cells('date').slice(0, 3)).toEqual([
      '2026-01-31T14:25:01.123Z',
      '2026-01-31T14:25:01.123Z',
      '',
    ]);
    expect(cells('text').slice(0, 7)).toEqual(columns.text);
    expect(cells(NAME).slice(0, 4)).toEqual(['1', '2', '3', '']);
  });

  test('is read back by pandas', async ({ dir, skip }) => {
    skip(missing['tables'] !== undefined, missing['tables']);

    const read = readWithPandas(join(await logColumns(dir, columns), 'progress.csv'));

    const nan = (count: number): string[] => Array.from({ length: count }, () => 'nan');
    expect(read['float']).toEqual({
      type: 'float64',
      values: columns.float.map(pythonFloat),
    });
    expect(read['huge']!.values).toEqual(columns.huge.map(String));
    expect(read['long']).toEqual({ type: 'int64', values: columns.long.map(String) });
    expect(read['flag']!.values).toEqual(['True', 'False', 'True', ...nan(5)]);
    expect(read['date']!.values.slice(0, 2)).toEqual([DATE.toISOString(), DATE.toISOString()]);
    expect(read['text']!.values).toEqual([...columns.text, ...nan(1)]);
    expect(read[NAME]).toEqual({ type: 'float64', values: ['1.0', '2.0', '3.0', ...nan(5)] });
    expect(read['step']!.type).toBe('int64');
  });

  test('is read back by DuckDB, with its type', async ({ dir, skip }) => {
    skip(missing['tables'] !== undefined, missing['tables']);

    const read = readWithDuckdb(join(await logColumns(dir, columns), 'progress.csv'));

    const gap = (count: number): null[] => Array.from({ length: count }, () => null);
    expect(read['float']).toEqual({ type: 'DOUBLE', values: columns.float.map(pythonFloat) });
    expect(read['whole']!.type).toBe('BIGINT');
    expect(read['huge']).toEqual({ type: 'HUGEINT', values: columns.huge.map(String) });
    expect(read['long']).toEqual({ type: 'BIGINT', values: columns.long.map(String) });
    expect(read['flag']).toEqual({ type: 'BOOLEAN', values: ['True', 'False', 'True', ...gap(5)] });
    expect(read['date']!.type).toBe('TIMESTAMP WITH TIME ZONE');
    expect(read['date']!.values[0]).toBe('2026-01-31 14:25:01.123000+00:00');
    expect(read['text']).toEqual({ type: 'VARCHAR', values: [...columns.text, ...gap(1)] });
    expect(read[NAME]).toEqual({ type: 'BIGINT', values: ['1', '2', '3', ...gap(5)] });
  });
});

/** A number as Python's repr() has it. */
function pythonFloat(x: number): string {
  if (!Number.isFinite(x)) return String(x).replace('Infinity', 'inf').toLowerCase();
  if (Object.is(x, -0)) return '-0.0';
  return String(x);
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { variantTable } from '../../src/cli/variant-table.ts';
import { tableText } from '../../src/cli/write-table.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { decodeCsv } from '../../src/formats/csv.ts';
import { textWidth } from '../../src/formats/text-width.ts';
import type { Findings } from '../../src/sweeper/findings.ts';
import { resultsOf, type PlanResults } from '../../src/sweeper/plan-results.ts';
import { MAXIMIZE, planOf } from '../helpers/sweep-state.ts';

const MIXED = resultsFor(
  [
    { lr: 0.1, optimizer: 'adam' },
    { lr: 1, optimizer: 'a|b' },
    { lr: 10, optimizer: 'sgd' },
    { lr: 100, optimizer: 'sgd' },
  ],
  {
    'v0-r0': { value: 0.5, metrics: { accuracy: 0.5, 'train/loss': 1 / 3 } },
    'v0-r1': { value: 0.7, metrics: { accuracy: 0.7, 'train/loss': 2 / 3 } },
    'v1-r0': { value: 0.9, metrics: { accuracy: 0.9 } },
    'v1-r1': { status: 'failed' },
    'v2-r0': { value: Number.NaN, metrics: { accuracy: Number.NaN } },
    'v2-r1': { status: 'running' },
  },
);

describe('the table of variants', () => {
  test('has the best mean first, with spread, count, best and failures', () => {
    const { text, hidden, pending } = variantTable(MIXED);

    expect(text.split('\n')).toEqual([
      'lr   optimizer  accuracy            n  best  failed',
      '1    a|b             0.9            1   0.9       1',
      '0.1  adam            0.6  ± 0.1414  2   0.7',
      '10   sgd             NaN            1   NaN',
    ]);
    expect({ hidden, pending }).toEqual({ hidden: 0, pending: 1 });
  });

  test('is cut to the best variants where there is no room for all', () => {
    const { text, hidden } = variantTable(MIXED, { variants: 2 });

    expect(text.split('\n')).toHaveLength(3);
    expect(hidden).toBe(1);
  });

  test('cuts long values until it fits a terminal', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 80 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 50, max: 200 }), (a, b, columns) => {
        const results = resultsFor([{ a, b }], { 'v0-r0': { value: 0.5 }, 'v0-r1': {} });

        const lines = variantTable(results, { columns }).text.split('\n');

        expect(lines).toHaveLength(2);
        expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test('takes as much longer as there are more variants', () => {
    const fastest = (count: number): number => {
      const variants = Array.from({ length: count }, (_, lr) => ({ lr, optimizer: 'adam' }));
      const found = Object.fromEntries(variants.map(({ lr }) => [`v${lr}-r0`, { value: lr }]));
      const results = resultsFor(variants, found);
      const times = Array.from({ length: 5 }, () => {
        const startedAt = performance.now();
        expect(variantTable(results).text.split('\n')).toHaveLength(count + 1);
        return performance.now() - startedAt;
      });
      return Math.min(...times);
    };

    const few = fastest(1_000);

    // Ten times as many; a table that compares all its rows with each other would take a hundred.
    expect(fastest(10_000)).toBeLessThan(50 * few);
  });
});

describe('--table csv', () => {
  test('has all digits, a column for each key, run ids, and the other metrics', () => {
    const [first, second, third, last] = decodeCsv(tableText(MIXED, 'csv'));

    expect(second).toEqual({
      lr: '0.1',
      optimizer: 'adam',
      accuracy_mean: '0.6',
      accuracy_std: '0.14142135623730948',
      n: '2',
      best: '0.7',
      failed: '0',
      runs: 'v0-r0 v0-r1',
      'train/loss_mean': '0.5',
      'train/loss_std': '0.23570226039551584',
    });
    expect(first).toMatchObject({ lr: '1', optimizer: 'a|b', accuracy_std: '', failed: '1' });
    expect(third).toMatchObject({ lr: '10', accuracy_mean: 'nan', best: '' });
    expect(last).toMatchObject({ lr: '100', accuracy_mean: '', n: '0', runs: 'v3-r0 v3-r1' });
  });

  test('keeps columns apart that would share a name with a key', () => {
    const results = resultsFor([{ n: 3, best: 'x', n_: 1 }], { 'v0-r0': { value: 0.5 } });

    const [head] = tableText(results, 'csv').split('\n');
    expect(head).toBe('n,best,n_,accuracy_mean,accuracy_std,n__,best_,failed,runs');
  });

  test('has lists and sections as JSON', () => {
    const results = resultsFor([{ layers: [64, 32], flag: true }], {});

    expect(decodeCsv(tableText(results, 'csv'))[0]).toMatchObject({
      layers: '[64,32]',
      flag: 'true',
    });
  });
});

describe('--table markdown', () => {
  test('is aligned, and no value ends a cell', () => {
    expect(tableText(MIXED, 'markdown').split('\n')).toEqual([
      '| lr  | optimizer | accuracy |      ± |   n | best | failed |',
      '| --- | --------- | -------: | -----: | --: | ---: | -----: |',
      '| 1   | a&#124;b  |      0.9 |        |   1 |  0.9 |      1 |',
      '| 0.1 | adam      |      0.6 | 0.1414 |   2 |  0.7 |      0 |',
      '| 10  | sgd       |      NaN |        |   1 |      |      0 |',
      '| 100 | sgd       |          |        |   0 |      |      0 |',
      '',
    ]);
  });
});

describe('--table json', () => {
  test('has everything, exactly', () => {
    const table = JSON.parse(tableText(MIXED, 'json')) as Record<string, any>;

    expect(table).toMatchObject({
      experiment: 'toy',
      objective: MAXIMIZE,
      metric: 'accuracy',
      total: 8,
      statuses: { completed: 4, failed: 1, running: 1, waiting: 2 },
    });
    expect(table['variants'][1]).toEqual({
      values: { lr: 0.1, optimizer: 'adam' },
      mean: 0.6,
      std: 0.14142135623730948,
      n: 2,
      best: 0.7,
      failed: 0,
      runs: [
        { id: 'v0-r0', repeat: 0, status: 'completed', value: 0.5 },
        { id: 'v0-r1', repeat: 1, status: 'completed', value: 0.7 },
      ],
      metrics: { 'train/loss': { mean: 0.5, std: 0.23570226039551584, n: 2 } },
    });
    expect(table['variants'][2]).toMatchObject({ mean: 'nan', best: null });
    expect(table['variants'][3]).toMatchObject({ mean: null, std: null, n: 0 });
  });
});

/** Results of two repeats of some variants; runs that are not named have not started. */
function resultsFor(
  variants: readonly JsonObject[],
  found: Readonly<Record<string, Partial<Findings> & { readonly status?: string }>>,
): PlanResults {
  const plan = planOf(variants, { repeats: 2, objective: MAXIMIZE });
  const known = new Map(
    plan.runs.flatMap((spec) => {
      const given = found[spec.id];
      if (given === undefined) return [];
      return [[spec.id, { spec, status: 'completed', metrics: {}, ...given }] as const];
    }),
  );
  return resultsOf(plan, known);
}

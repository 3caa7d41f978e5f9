import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonLine, toJson } from '../../src/core/json.ts';
import type { RunSpec } from '../../src/core/run-spec.ts';
import type { SweepSpace } from '../../src/core/sweep-space.ts';
import { planExtension, type PlannedExtension } from '../../src/experiment/plan-extension.ts';
import { planSweep } from '../../src/experiment/plan.ts';
import type { SweepRequest } from '../../src/experiment/requests.ts';
import type { Widening } from '../../src/experiment/widen-space.ts';
import { definitionOf } from '../helpers/planned.ts';

interface Extended extends PlannedExtension {
  readonly before: readonly RunSpec[];
}

/** Plans a sweep, keeps it as JSON does, and extends it. */
async function extend(
  asked: Partial<SweepRequest>,
  widening: Partial<Widening>,
  options: Parameters<typeof definitionOf>[0] = {},
): Promise<Extended> {
  const definition = definitionOf(options);
  const request = { root: '/r', ...asked };
  const { id, runs: before, repeats, space } = await planSweep(definition, request);
  const { repeats: _, samples: __, seed: ___, ...kept } = request;
  const planned = await planExtension(definition, {
    id,
    request: kept,
    space: toJson(space) as unknown as SweepSpace,
    repeats,
    variants: before.map(({ sweep }) => sweep!),
    widening: { values: [], ...widening },
  });
  return { ...planned, before };
}

function pointsOf(runs: readonly RunSpec[]): unknown[] {
  return runs.map(({ sweep }) => [sweep!.repeat, ...Object.values(sweep!.variant)]);
}

describe('planExtension', () => {
  test('plans new values with all values of the other keys, and nothing old', async () => {
    const { runs } = await extend({ overrides: ['a=1,2', 'b=5,6'] }, { values: ['a=3'] });

    expect(pointsOf(runs)).toEqual([
      [0, 3, 5],
      [0, 3, 6],
    ]);
  });

  test('plans further repeats of every variant, old and new, repeat by repeat', async () => {
    const { runs } = await extend(
      { overrides: ['a=1,2'], repeats: 1 },
      { values: ['a=3'], repeats: 2 },
    );

    expect(pointsOf(runs)).toEqual([
      [0, 3],
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
  });

  test('plans more random points, which begin with those there are', async () => {
    const asked = { overrides: ['a=interval(0,1000)'], seed: 4 };
    const { runs, before } = await extend({ ...asked, samples: 3 }, { samples: 5 });
    const all = await planSweep(definitionOf(), { root: '/r', ...asked, samples: 5 });

    expect([...pointsOf(before), ...pointsOf(runs)]).toEqual(pointsOf(all.runs));
  });

  test('gives a repeat the seed it has in the sweep, also where that is random', async () => {
    const { runs, before } = await extend(
      { overrides: ['a=1,2'], repeats: 2 },
      { values: ['a=3'], repeats: 3 },
    );

    const seedOf = (all: readonly RunSpec[], repeat: number): Set<number> =>
      new Set(all.filter(({ sweep }) => sweep!.repeat === repeat).map(({ seed }) => seed));
    expect(seedOf(runs, 0)).toEqual(seedOf(before, 0));
    expect(seedOf(runs, 1)).toEqual(seedOf(before, 1));
    expect(seedOf(runs, 2).size).toBe(1);
    expect(runs[0]!.origins['seed']).toEqual(before[0]!.origins['seed']);
  });

  test('keeps the indices of variants and counts on for new ones', async () => {
    const { runs } = await extend(
      { overrides: ['a=1,2'], repeats: 1 },
      { values: ['a=0,3'], repeats: 2 },
    );

    const indices = runs.map(({ sweep }) => [sweep!.variant['a'], sweep!.variantIndex]);
    expect(indices).toEqual([
      [0, 2],
      [3, 3],
      [1, 0],
      [2, 1],
      [0, 2],
      [3, 3],
    ]);
  });

  test('holds to overrides, exclusions and levels of the sweep', async () => {
    const options = {
      sweep: [{ a: [1, 2], b: [10, 20] }, { c: [0, 1] }],
      exclude: [{ c: 1, a: 3 }],
    };
    const { runs } = await extend({ overrides: ['d=7'] }, { values: ['a=3', 'b=30'] }, options);

    expect(pointsOf(runs)).toEqual([[0, 3, 30, 0]]);
    expect(runs[0]!.config).toMatchObject({ a: 3, b: 30, c: 0, d: 7 });
  });

  test('takes a single value for a variant, not for an override of all', async () => {
    const { runs } = await extend(
      { overrides: ['a=1,2'], repeats: 1 },
      { values: ['a=9'], repeats: 2 },
    );

    expect(pointsOf(runs)).toContainEqual([1, 1]);
    expect(runs.map(({ config }) => (config as { a: number }).a)).toEqual([9, 1, 2, 9]);
  });

  test('says which values are there already', async () => {
    const { notes, runs } = await extend({ overrides: ['a=1,2'] }, { values: ['a=2,3'] });

    expect(notes).toEqual(['a=2 is there already.']);
    expect(pointsOf(runs)).toEqual([[0, 3]]);
  });

  test.for<[string, Partial<SweepRequest>, Partial<Widening>, string]>([
    ['a key that is not swept', {}, { values: ['b=1'] }, '"b" is not swept'],
    [
      'a value that is there',
      {},
      { values: ['a=1'] },
      'a=1 is there already. There is nothing new',
    ],
    ['nothing at all', {}, {}, 'There is nothing new in this.'],
    ['fewer repeats', { repeats: 3 }, { repeats: 2 }, 'The sweep has 3 repeats'],
    ['samples without an interval', {}, { samples: 4 }, 'no key of this sweep has one'],
    ['an interval for listed values', {}, { values: ['a=interval(0,1)'] }, 'List more of them'],
    ['a value of another type', {}, { values: ['a=x'] }, 'must be'],
    ['a key twice', {}, { values: ['a=3', 'a=4'] }, 'named twice'],
    ['a key taken back', {}, { values: ['~a'] }, 'Write a=value,value'],
    [
      'fewer samples',
      { overrides: ['a=interval(0,9)'], samples: 4 },
      { samples: 3 },
      'The sweep has 4 samples',
    ],
    [
      'values for an interval',
      { overrides: ['a=interval(0,9)'], samples: 4 },
      { values: ['a=3'] },
      'Draw more points of it with --samples',
    ],
  ])('refuses %s', async ([, asked, widening, message]) => {
    await expect(extend({ overrides: ['a=1,2'], ...asked }, widening)).rejects.toThrow(message);
  });

  test('refuses new values for one key of a level alone', async () => {
    const options = { sweep: [{ a: [1, 2], b: [10, 20] }] };

    await expect(extend({}, { values: ['a=3'] }, options)).rejects.toThrow(
      '"a" and "b" vary together',
    );
    await expect(extend({}, { values: ['a=3', 'b=4,5'] }, options)).rejects.toThrow(
      '"a" gets 1 values, "b" 2',
    );
  });

  test('old and new runs together are those of a sweep planned at once', async () => {
    const values = fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 6 });
    const law = fc.asyncProperty(
      values,
      fc.nat(3),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(2),
      async (all, cut, repeats, more) => {
        const old = all.slice(0, Math.max(1, all.length - cut));
        const added = all.slice(old.length);
        fc.pre(added.length + more > 0);
        const listed = (list: readonly number[]): string => `a=choice(${list.join(',')})`;

        const { runs, before } = await extend(
          { overrides: [listed(old), 'b=1,2'], repeats, seed: 3 },
          { values: added.length > 0 ? [listed(added)] : [], repeats: repeats + more },
        );

        const whole = await planSweep(definitionOf(), {
          root: '/r',
          overrides: [listed(all), 'b=1,2'],
          repeats: repeats + more,
          seed: 3,
        });
        const named = (specs: readonly RunSpec[]): string[] =>
          specs
            .map(({ sweep, seed, config }) =>
              jsonLine([sweep!.variant, sweep!.repeat, seed, config]),
            )
            .sort();
        expect(named([...before, ...runs])).toEqual(named(whole.runs));
      },
    );
    await fc.assert(law, { numRuns: 50 });
  });
});

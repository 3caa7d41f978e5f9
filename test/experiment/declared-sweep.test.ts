import { describe, expect } from 'vitest';
import { z } from 'zod';
import { planSweep } from '../../src/experiment/plan.ts';
import { Config, definitionOf, definitionWith } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

async function variantsOf(
  options: Parameters<typeof definitionOf>[0],
  ...overrides: string[]
): Promise<unknown[]> {
  const { runs } = await planSweep(definitionOf(options), { root: '/r', overrides, seed: 1 });
  return runs.map((run) => run.sweep!.variant);
}

describe('a declared sweep', () => {
  test('crosses levels whose keys vary together', async () => {
    const sweep = [{ a: [1, 2], 'net.x': [3, 4] }, { b: [5, 6] }];

    expect(await variantsOf({ sweep })).toEqual([
      { a: 1, 'net.x': 3, b: 5 },
      { a: 1, 'net.x': 3, b: 6 },
      { a: 2, 'net.x': 4, b: 5 },
      { a: 2, 'net.x': 4, b: 6 },
    ]);
  });

  test('leaves out the points that are excluded', async () => {
    const exclude = [{ a: 1, b: 6 }, { b: 7 }];

    expect(await variantsOf({ sweep: { a: [1, 2], b: [5, 6, 7] }, exclude })).toEqual([
      { a: 1, b: 5 },
      { a: 2, b: 5 },
      { a: 2, b: 6 },
    ]);
  });

  test('draws from intervals, integers where the key takes nothing else', async () => {
    const config = Config.extend({ lr: z.number().default(1) });
    const sweep = { a: { interval: [1, 9] }, lr: { interval: [1e-4, 1], log: true } } as const;
    const definition = definitionWith(config, { sweep, samples: 3 });

    const { runs } = await planSweep(definition, { root: '/r', seed: 1 });
    const more = await planSweep(definition, { root: '/r', seed: 1, samples: 5 });

    expect(runs.map((run) => run.sweep!.variant)).toEqual([
      { a: expect.toSatisfy(Number.isInteger), lr: expect.any(Number) },
      { a: expect.toSatisfy(Number.isInteger), lr: expect.any(Number) },
      { a: expect.toSatisfy(Number.isInteger), lr: expect.any(Number) },
    ]);
    expect(more.runs).toHaveLength(5);
  });

  test('keeps the other keys of a level when one of them is pinned', async () => {
    const sweep = [{ a: [1, 2, 3], b: [5, 5, 6] }];

    expect(await variantsOf({ sweep }, 'a=9')).toEqual([{ b: 5 }, { b: 6 }]);
    expect(await variantsOf({ sweep }, 'a=9', 'b=9')).toEqual([{}]);
  });

  test('excludes on where the excluded value is pinned', async () => {
    const options = { sweep: { a: [1, 2], b: [5, 6] }, exclude: [{ a: 1, b: 6 }] };

    expect(await variantsOf(options, 'a=1')).toEqual([{ b: 5 }]);
    expect(await variantsOf(options, 'a=2')).toEqual([{ b: 5 }, { b: 6 }]);
    expect(await variantsOf(options, '~a')).toEqual([{ b: 5 }, { b: 6 }]);
  });

  test('excludes nothing where the line has axes of its own', async () => {
    const options = { sweep: { a: [1, 2] }, exclude: [{ a: 1 }] };

    expect(await variantsOf(options, 'a=1,2')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test('says which exclusion excludes nothing', async () => {
    const definition = definitionOf({ sweep: { a: [1, 2] }, exclude: [{ a: 3 }] });

    const { notes } = await planSweep(definition, { root: '/r' });

    expect(notes).toEqual(['a=3 is excluded, and is no variant of this sweep.']);
  });

  test.for<[options: object, message: string]>([
    [{ sweep: { a: 5 } }, 'The sweep over "a" must be a list of values or { interval'],
    [{ sweep: { a: 'range(3)' } }, 'The sweep over "a" must be a list of values'],
    [{ sweep: { a: { interval: [1] } } }, 'must be { interval: [low, high] }'],
    [{ sweep: { a: { interval: [2, 1] } } }, 'is an empty interval: 2 is not below 1.'],
    [{ sweep: { a: { interval: [1, 2], lgo: true } } }, 'Did you mean "log"?'],
    [{ sweep: 5 }, 'The axes of a sweep must hold keys and values, got 5.'],
    [{ sweep: [{}] }, 'A level of a sweep names no keys.'],
    [{ sweep: [5] }, 'A level of a sweep must hold keys and values, got 5.'],
    [{ sweep: [{ a: [1, 2], b: [1] }] }, '"a" has 2 values, "b" 1.'],
    [{ sweep: [{ a: [1], b: { interval: [1, 2] } }] }, '"b" is an interval, which has no values'],
    [{ sweep: { a: [1] }, exclude: [{}] }, 'A point that a sweep excludes names no keys.'],
    [{ sweep: { a: [1] }, exclude: {} }, 'What a sweep excludes must be a list, got {}.'],
    [{ sweep: { a: [1] }, samples: 0 }, 'samples must be a whole number of at least 1, got 0.'],
    [{ sweep: [{ aa: [1] }] }, 'the config has no key "aa".'],
    [{ sweep: {}, exclude: [{ aa: 1 }] }, 'the config has no key "aa".'],
  ])('is refused when it is declared: %j', ([options, message]) => {
    expect(() => definitionOf(options)).toThrow(message);
  });

  test.for<[options: object, message: string]>([
    [{ sweep: { a: [1] }, exclude: [{ b: 1 }] }, 'excludes b=1 but does not vary "b". Known: a.'],
    [{ sweep: { a: [1] }, exclude: [{ a: 1 }] }, 'The sweep excludes all its variants.'],
    [{ sweep: [{ a: [1] }, { a: [2] }] }, 'The sweep names "a" twice.'],
    [{ sweep: [{ a: [1, 1], b: [2, 2] }] }, 'The sweep over "a", "b" lists 1, 2 twice.'],
    [{ sweep: { a: { interval: [1, 2] } } }, 'Say how many random points to try'],
    [{ sweep: { list: { interval: [1, 2] } }, samples: 1 }, '"list" cannot be drawn'],
  ])('is refused when it is planned: %j', async ([options, message]) => {
    await expect(planSweep(definitionOf(options), { root: '/r' })).rejects.toThrow(message);
  });
});

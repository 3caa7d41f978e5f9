import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inOrder, repeatSeed } from '../../src/sweep/repeats.ts';

describe('inOrder', () => {
  test('gives all first repeats before any second one', () => {
    const [a, b] = [{ lr: 1 }, { lr: 2 }];

    expect(inOrder([a, b], 2)).toEqual([
      { variant: a, variantIndex: 0, repeat: 0 },
      { variant: b, variantIndex: 1, repeat: 0 },
      { variant: a, variantIndex: 0, repeat: 1 },
      { variant: b, variantIndex: 1, repeat: 1 },
    ]);
  });

  test('gives nothing for no variants', () => {
    expect(inOrder([], 3)).toEqual([]);
  });

  test('has given every variant about the same number of runs, wherever it is stopped', () => {
    const sizes = [fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })] as const;
    fc.assert(
      fc.property(...sizes, fc.nat(), (variants, repeats, stop) => {
        const points = inOrder(
          Array.from({ length: variants }, () => ({})),
          repeats,
        );
        const done = points.slice(0, stop % (points.length + 1));

        const counts = Array.from(
          { length: variants },
          (_, i) => done.filter((point) => point.variantIndex === i).length,
        );
        expect(points.length).toBe(variants * repeats);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('repeatSeed', () => {
  test('gives the first repeat the seed of the user', () => {
    expect(repeatSeed(42, 0)).toBe(42);
  });

  test('depends on seed and repeat alone, so that variants are compared in pairs', () => {
    expect(repeatSeed(7, 1)).toBe(1_634_437_097);
    expect(repeatSeed(7, 1)).toBe(repeatSeed(7, 1));
  });

  test('gives every repeat a seed of its own', () => {
    const seeds = Array.from({ length: 1000 }, (_, repeat) => repeatSeed(42, repeat));

    expect(new Set(seeds).size).toBe(seeds.length);
  });

  test('gives sweeps with neighbouring seeds other seeds in every repeat', () => {
    const seeds = Array.from({ length: 100 }, (_, seed) =>
      [1, 2, 3].map((r) => repeatSeed(seed, r)),
    );

    expect(new Set(seeds.flat()).size).toBe(300);
  });
});

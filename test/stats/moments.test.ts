import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean, sampleStd } from '../../src/stats/moments.ts';

const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
});

describe('mean', () => {
  test.for<[values: number[], result: number]>([
    [[2], 2],
    [[1, 2, 3, 4], 2.5],
    [[-1, 1], 0],
    [[], NaN],
    [[1, NaN], NaN],
    [[1, Infinity], Infinity],
    [[Infinity, -Infinity], NaN],
  ])('of %o is %d', ([list, result]) => {
    expect(mean(list)).toBe(result);
  });

  test('lies between the least and the greatest value', () => {
    fc.assert(
      fc.property(values, (list) => {
        const room = 1e-6;

        expect(mean(list)).toBeGreaterThanOrEqual(Math.min(...list) - room);
        expect(mean(list)).toBeLessThanOrEqual(Math.max(...list) + room);
      }),
    );
  });
});

describe('sampleStd', () => {
  // numpy.std(values, ddof=1)
  test.for<[values: number[], result: number]>([
    [[], NaN],
    [[5], 0],
    [[1, 1, 1], 0],
    [[1, 2, 3, 4], 1.2909944487358056],
    [[2, 4, 4, 4, 5, 5, 7, 9], 2.138089935299395],
    [[1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 5.477225575051661],
    [[1, NaN], NaN],
    [[1, Infinity], NaN],
  ])('of %o is %d', ([list, result]) => {
    expect(sampleStd(list)).toEqual(Number.isNaN(result) ? NaN : expect.closeTo(result, 12));
  });

  test('does not change when all values are moved', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: -1000, max: 1000 }), (list, by) => {
        const moved = sampleStd(list.map((value) => value + by));

        expect(Math.abs(moved - sampleStd(list))).toBeLessThan(1e-6);
      }),
    );
  });

  test('grows with the values', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 1000 }), (list, by) => {
        const scaled = sampleStd(list.map((value) => value * by));

        const expected = sampleStd(list) * by;
        expect(Math.abs(scaled - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, expected));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describe as describeValues } from '../../src/stats/describe.ts';

describe('describe', () => {
  test('gives mean, std, min, max, median and count', () => {
    expect(describeValues([4, 1, 3, 2])).toEqual({
      count: 4,
      nans: 0,
      mean: 2.5,
      std: Math.sqrt(1.25),
      min: 1,
      max: 4,
      median: 2.5,
    });
  });

  test('divides the variance by the count less ddof', () => {
    expect(describeValues([1, 3]).std).toBe(1);
    expect(describeValues([1, 3], 1).std).toBe(Math.SQRT2);
    expect(describeValues([1], 1)).not.toHaveProperty('std');
  });

  test('says nothing of no values but that there are none', () => {
    expect(describeValues([])).toEqual({ count: 0, nans: 0 });
    expect(describeValues([Number.NaN])).toEqual({ count: 0, nans: 1 });
  });

  test('leaves NaN out and counts them', () => {
    expect(describeValues([Number.NaN, 2, Number.NaN])).toMatchObject({
      count: 1,
      nans: 2,
      mean: 2,
      std: 0,
      median: 2,
    });
  });

  test('takes infinities as values', () => {
    expect(describeValues([-Infinity, Infinity])).toMatchObject({
      min: -Infinity,
      max: Infinity,
      mean: Number.NaN,
      median: Number.NaN,
    });
    expect(describeValues([Infinity, Infinity]).median).toBe(Infinity);
  });

  test('takes whatever can be walked', () => {
    expect(describeValues(new Float32Array([1, 2])).mean).toBe(1.5);
    expect(describeValues(new Set([1, 2])).count).toBe(2);
  });

  test('does not depend on the order, and stays within the limits', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 });
    fc.assert(
      fc.property(values, (list) => {
        const one = describeValues(list);
        expect(describeValues(list.toReversed())).toEqual(one);
        expect(one.median).toBeGreaterThanOrEqual(one.min!);
        expect(one.median).toBeLessThanOrEqual(one.max!);
        expect(one.std).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeHistogram } from '../../src/media/histogram.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('makeHistogram', () => {
  test('counts values in buckets of one width', () => {
    expect(makeHistogram('w', [0, 1, 1.5, 2, 3, 4], { buckets: 4 })).toEqual({
      kind: 'histogram',
      min: 0,
      max: 4,
      count: 6,
      notFinite: 0,
      sum: 11.5,
      sumOfSquares: 32.25,
      limits: [1, 2, 3, 4],
      counts: [1, 2, 1, 2],
    });
  });

  test('has 30 buckets unless told otherwise', () => {
    expect(makeHistogram('w', [0, 1]).counts).toHaveLength(30);
  });

  test('leaves NaN and infinities out, and says how many there were', () => {
    const values = Float32Array.of(1, Number.NaN, Infinity, 2, -Infinity);

    expect(makeHistogram('w', values, { buckets: 1 })).toMatchObject({
      min: 1,
      max: 2,
      count: 2,
      notFinite: 3,
      sum: 3,
      counts: [2],
    });
  });

  test.for([[[]], [[Number.NaN]]])('of %j is empty: no buckets, count 0', ([values]) => {
    const { min, max, count, limits, counts } = makeHistogram('w', values!);

    expect({ min, max, count, limits, counts }).toEqual({
      min: 0,
      max: 0,
      count: 0,
      limits: [],
      counts: [],
    });
  });

  test('of equal values has one bucket', () => {
    expect(makeHistogram('w', [3, 3, 3])).toMatchObject({ min: 3, limits: [3], counts: [3] });
  });

  test('takes nested arrays and every typed array', () => {
    const expected = makeHistogram('w', [1, 2, 3]);

    expect(makeHistogram('w', [[1], [[2, 3]]])).toEqual(expected);
    expect(makeHistogram('w', [Float64Array.of(1, 2, 3)] as never)).toEqual(expected);
    expect(makeHistogram('w', Uint8Array.of(1, 2, 3))).toEqual(expected);
    expect(makeHistogram('w', BigInt64Array.of(1n, 2n, 3n))).toEqual(expected);
  });

  test('takes ten million values at a time', () => {
    const values = new Float32Array(10_000_000).map((_, i) => i % 7);

    expect(makeHistogram('w', values).count).toBe(10_000_000);
  });

  test('has every finite value in exactly one bucket, whatever the values', () => {
    const values = fc.array(fc.oneof(fc.double(), fc.double({ max: 1e-300, min: -1e-300 })));
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 40 }), (all, buckets) => {
        const { min, max, count, notFinite, limits, counts } = makeHistogram('w', all, { buckets });

        const finites = all.filter(Number.isFinite);
        expect(count + notFinite).toBe(all.length);
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(finites.length);
        if (count === 0) return;
        expect(min).toBe(finites.reduce((a, b) => Math.min(a, b)));
        expect(max).toBe(finites.reduce((a, b) => Math.max(a, b)));
        expect(limits.at(-1)).toBe(max);
        expect([...limits].sort((a, b) => a - b)).toEqual(limits);
      }),
    );
  });

  test('has limits that rise even where doubles are as far apart as the buckets', () => {
    const { limits, counts } = makeHistogram('w', [5e-324, 2e-323], { buckets: 7 });

    expect(limits).toEqual(limits.toSorted((a, b) => a - b));
    expect(counts.reduce((sum, n) => sum + n)).toBe(2);
  });

  test('counts as one would by hand, up to the rounding of the limits', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 2 }), (values) => {
        const { min, limits, counts } = makeHistogram('w', values, { buckets: 8 });
        let seen = 0;
        limits.forEach((limit, i) => {
          seen += counts[i]!;
          const slack = (Math.abs(limit) + Math.abs(min) + Number.MIN_VALUE) * 1e-12;
          const below = values.filter((value) => value < limit - slack).length;
          const upTo = values.filter((value) => value <= limit + slack).length;
          expect(seen).toBeGreaterThanOrEqual(below);
          expect(seen).toBeLessThanOrEqual(upTo);
        });
      }),
    );
  });

  test.for<[unknown, unknown, string]>([
    [
      'abc',
      {},
      'The histogram "w" must be given numbers, in an array or typed array, got \'abc\'.',
    ],
    [
      [1, '2'],
      {},
      'The histogram "w" must be given numbers, in an array or typed array, got \'2\'.',
    ],
    [
      undefined,
      {},
      'The histogram "w" must be given numbers, in an array or typed array, got undefined.',
    ],
    [[1], { buckets: 0 }, 'The histogram "w" takes 1 to 10000 buckets, got 0.'],
    [[1], { buckets: 2.5 }, 'The histogram "w" takes 1 to 10000 buckets, got 2.5.'],
  ])('refuses %j with %j', ([values, options, message]) => {
    expect(() => makeHistogram('w', values as never, options as never)).toThrow(
      expect.objectContaining({ code: 'EXP_LOG', message }),
    );
  });
});

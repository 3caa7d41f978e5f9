import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveSeed } from '../../src/random/derive-seed.ts';

const path = fc.array(fc.oneof(fc.string(), fc.nat()));

describe('deriveSeed', () => {
  // Computed with Python: the first four bytes of sha256(json.dumps([root, *path])), big endian.
  // Runs of earlier versions are reproduced by these numbers: they must never change.
  test.for<[seed: number, root: number, ...path: (string | number)[]]>([
    [3_502_022_929, 0],
    [1_480_883_938, 0, 'rng'],
    [1_611_680_507, 42, 'main', 'fit', 0],
    [2_554_002_480, 42, 'main', 'fit', 1],
    [900_725_847, Number.MAX_SAFE_INTEGER, 'é', '学'],
    [3_155_858_045, 1, 'a/b'],
    [649_600_977, 1, 'a', 'b'],
    [338_809_260, 1, '1'],
    [3_860_569_944, 1, 1],
  ])('is %d for ever for root %d and %s', ([seed, root, ...names]) => {
    expect(deriveSeed(root, names)).toBe(seed);
  });

  test('is a whole number of 32 bits', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), path, (root, names) => {
        const seed = deriveSeed(root, names);

        expect(seed >>> 0).toBe(seed);
      }),
    );
  });

  test('differs for other roots and other paths', () => {
    fc.assert(
      fc.property(fc.tuple(fc.nat(), path), fc.tuple(fc.nat(), path), (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));

        expect(deriveSeed(...a)).not.toBe(deriveSeed(...b));
      }),
    );
  });

  test('spreads over the whole range', () => {
    const seeds = Array.from({ length: 10_000 }, (_, i) => deriveSeed(42, ['fit', i]));

    const counts = Array.from(
      { length: 16 },
      (_, bin) => seeds.filter((seed) => seed >>> 28 === bin).length,
    );
    expect(new Set(seeds).size).toBe(seeds.length);
    // 625 a bin, standard deviation 24: six of them on either side
    expect(Math.min(...counts)).toBeGreaterThan(480);
    expect(Math.max(...counts)).toBeLessThan(770);
  });
});

import { describe, expect, test } from 'vitest';
import { makeVariants, VariantLevel } from '../../src/experiment/variant-level.ts';

const games = new VariantLevel(
  [['env', 'game'], 'algo.lr'],
  [
    ['pong', 1],
    ['qbert', 2],
  ],
  ['pong', 'qbert'],
);
const seeds = new VariantLevel(['seed'], [[0], [1]], ['s0', 's1']);

describe('makeVariants', () => {
  test('crosses levels in order, and gives each variant a directory', () => {
    expect(makeVariants(games, seeds)).toEqual({
      variants: [
        { env: { game: 'pong' }, algo: { lr: 1 }, seed: 0 },
        { env: { game: 'pong' }, algo: { lr: 1 }, seed: 1 },
        { env: { game: 'qbert' }, algo: { lr: 2 }, seed: 0 },
        { env: { game: 'qbert' }, algo: { lr: 2 }, seed: 1 },
      ],
      logDirs: ['pong/s0', 'pong/s1', 'qbert/s0', 'qbert/s1'],
    });
  });

  test('gives one empty variant in the empty directory for no levels', () => {
    expect(makeVariants()).toEqual({ variants: [{}], logDirs: [''] });
  });

  test('names directories by their values unless names are given', () => {
    const level = new VariantLevel(
      ['env.game', 'lr'],
      [
        ['pong', 1],
        ['qbert', 2],
      ],
    );

    expect(makeVariants(level).logDirs).toEqual(['env.game=pong_lr=1', 'env.game=qbert_lr=2']);
  });

  test('keeps __proto__ a key like any other', () => {
    const { variants } = makeVariants(new VariantLevel([['a', '__proto__']], [[1]], ['x']));

    expect(Object.keys(variants[0]!['a'] as object)).toEqual(['__proto__']);
  });

  test('refuses variants that would share a directory', () => {
    for (const names of [
      ['a', 'a'],
      ['a', 'A'],
    ]) {
      expect(() => makeVariants(new VariantLevel(['x'], [[1], [2]], names))).toThrow(
        'Names must be unique',
      );
    }
  });

  test('refuses keys that are in each other’s way', () => {
    const scalar = new VariantLevel(['env'], [[1]], ['one']);

    expect(() => makeVariants(games, scalar)).toThrow(
      'The levels set "env" to 1, and "env.game" in it. Set one of them.',
    );
    expect(() => makeVariants(seeds, seeds)).toThrow('The sweep names "seed" twice.');
  });
});

describe('VariantLevel', () => {
  test.for<[values: unknown[][], names: string[] | undefined, message: string]>([
    [[], undefined, 'The level of a, b has no rows of values.'],
    [[[1, 2], [1]], undefined, 'needs 2 values in each row, got [1].'],
    [[[1, 2]], ['x', 'y'], 'has 1 rows and 2 names.'],
    [[[1, 2]], ['..'], 'has the name "..", which names no directory below.'],
    [[[1, 2]], ['/x'], 'which names no directory below.'],
    [[[1, 2]], [''], 'which names no directory below.'],
  ])('refuses rows %j with names %j', ([values, names, message]) => {
    expect(() => new VariantLevel(['a', 'b'], values, names)).toThrow(
      expect.objectContaining({ code: 'EXP_SWEEP', message: expect.stringContaining(message) }),
    );
  });
});

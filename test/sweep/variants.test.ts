import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { levelOf } from '../../src/sweep/levels.ts';
import { crossLevels } from '../../src/sweep/variants.ts';

describe('crossLevels', () => {
  test('crosses the axes, the last one fastest', () => {
    const variants = crossLevels([levelOf('env.game', ['pong', 'qbert']), levelOf('seed', [0, 1])]);

    expect(variants).toEqual([
      { 'env.game': 'pong', seed: 0 },
      { 'env.game': 'pong', seed: 1 },
      { 'env.game': 'qbert', seed: 0 },
      { 'env.game': 'qbert', seed: 1 },
    ]);
  });

  test('gives one empty variant for no axes', () => {
    expect(crossLevels([])).toEqual([{}]);
  });

  test('keeps values of every kind as they are', () => {
    const values = [[64, 32], { kind: 'sgd' }, null, true, NaN, Infinity, '1', 1, 5n];

    expect(crossLevels([levelOf('x', values)]).map((variant) => variant['x'])).toEqual(values);
  });

  test('keeps __proto__ a key like any other', () => {
    const [variant] = crossLevels([levelOf('__proto__', [{ polluted: 1 }])]);

    expect(Object.keys(variant!)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(variant)).toBe(Object.prototype);
  });

  test('gives every combination once, keys in the order of the axes', () => {
    const axis = fc.record({
      key: fc.string().map((key) => `key ${key}`),
      values: fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 }),
    });
    const axes = fc.uniqueArray(axis, { maxLength: 4, selector: ({ key }) => key });
    fc.assert(
      fc.property(axes, (chosen) => {
        const variants = crossLevels(chosen.map(({ key, values }) => levelOf(key, values)));

        const rows = variants.map((variant) => JSON.stringify(Object.entries(variant)));
        expect(new Set(rows).size).toBe(rows.length);
        expect(rows.length).toBe(
          chosen.reduce((product, { values }) => product * values.length, 1),
        );
        for (const variant of variants) {
          expect(Object.keys(variant)).toEqual(chosen.map(({ key }) => key));
          expect(chosen.every(({ key, values }) => values.includes(variant[key] as number))).toBe(
            true,
          );
        }
      }),
    );
  });

  test('refuses an axis without values', () => {
    expect(() => crossLevels([levelOf('lr', [])])).toThrow(
      expect.objectContaining({
        code: 'EXP_SWEEP',
        message: 'The sweep over "lr" lists no values.',
      }),
    );
  });

  test.for<[values: unknown[], shown: string]>([
    [[0.1, 0.2, 0.1], '0.1'],
    [[NaN, NaN], 'nan'],
    [['sgd', 'adam', 'sgd'], '"sgd"'],
    [
      [
        [1, 2],
        [1, 2],
      ],
      '[1,2]',
    ],
    [[null, 0, null], 'null'],
    [[5n, 5n], '5'],
  ])('refuses an axis that lists a value twice: %o', ([values, shown]) => {
    expect(() => crossLevels([levelOf('x', values)])).toThrow(
      expect.objectContaining({
        code: 'EXP_SWEEP',
        message: `The sweep over "x" lists ${shown} twice.`,
      }),
    );
  });

  test('refuses two axes of one key', () => {
    const axis = levelOf('lr', [1, 2]);

    expect(() => crossLevels([axis, levelOf('seed', [0]), axis])).toThrow(
      expect.objectContaining({
        code: 'EXP_SWEEP',
        message: expect.stringContaining('The sweep names "lr" twice.'),
      }),
    );
  });
});

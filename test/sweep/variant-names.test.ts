import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { variantNames } from '../../src/sweep/variant-names.ts';

describe('variantNames', () => {
  test('are made of the values', () => {
    const variants = [
      { lr: 0.1, 'net.layers': [64, 32], opt: 'sgd' },
      { lr: 1e-7, 'net.layers': [], opt: 'a/b' },
    ];

    expect(variantNames(variants)).toEqual([
      'lr=0.1_net.layers=-64-32-_opt=sgd',
      'lr=1e-7_net.layers=-_opt=a-b',
    ]);
    expect(variantNames([{}])).toEqual(['variant']);
  });

  test('end in a hash of the values where they would be equal', () => {
    const names = variantNames([{ opt: 'a b' }, { opt: 'a-b' }, { opt: 'A-B' }, { opt: 'c' }]);

    expect(names).toEqual([
      expect.stringMatching(/^opt=a-b_[0-9a-f]{10}$/),
      expect.stringMatching(/^opt=a-b_[0-9a-f]{10}$/),
      expect.stringMatching(/^opt=A-B_[0-9a-f]{10}$/),
      'opt=c',
    ]);
    expect(variantNames([{ opt: 'a-b' }, { opt: 'a b' }])[0]).toBe(names[1]);
  });

  test('differ, are short, and are safe on every file system', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.array(fc.integer()), fc.constant(null));
    const variant = fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 6 });
    const variants = fc.uniqueArray(variant, { selector: (one) => JSON.stringify(one) });
    fc.assert(
      fc.property(variants, (all) => {
        const names = variantNames(all);

        expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(all.length);
        for (const name of names) {
          expect(name).toMatch(/^[\w.+=-]{1,100}$/);
          expect(name).not.toMatch(/\.$|^\.+$/);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configHash } from '../../src/config/hash.ts';

describe('configHash', () => {
  test('is short and names a config the same way for ever', () => {
    expect(configHash({ lr: 0.1, net: { layers: [64, 32] } })).toBe('1f889bcf347595ff');
  });

  test('is that of an equal config with other keys first, at every depth', () => {
    const record = fc.dictionary(fc.string(), fc.jsonValue());
    const backwards = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(backwards);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).toReversed();
      return Object.fromEntries(entries.map(([key, inner]) => [key, backwards(inner)]));
    };
    fc.assert(
      fc.property(record, (config) => {
        expect(configHash(backwards(config))).toBe(configHash(config));
      }),
    );
  });

  test('differs where a value differs', () => {
    const hashes = [
      { a: 1 },
      { a: '1' },
      { a: [1] },
      { a: null },
      { a: { b: 1 } },
      { b: 1 },
      {},
      { a: [1, 2] },
      { a: [2, 1] },
      { a: Infinity },
    ].map(configHash);

    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('leaves the seed of the run out, and no other', () => {
    expect(configHash({ a: 1, seed: 2 })).toBe(configHash({ a: 1, seed: 3 }));
    expect(configHash({ a: { seed: 2 } })).not.toBe(configHash({ a: { seed: 3 } }));
  });
});

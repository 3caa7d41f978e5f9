import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freezeDeep } from '../../src/config/freeze.ts';

describe('freezeDeep', () => {
  test('refuses every assignment below, in sections and lists', () => {
    const config = freezeDeep({ net: { layers: [64] } });

    expect(() => config.net.layers.push(1)).toThrow(TypeError);
    expect(() => (config.net.layers = [])).toThrow(TypeError);
    expect(() => Object.assign(config, { lr: 1 })).toThrow(TypeError);
    expect(config).toEqual({ net: { layers: [64] } });
  });

  test('leaves objects of other kinds usable', () => {
    const config = freezeDeep({ when: new Date(0), seen: new Map([[1, 2]]), fn: () => 1 });

    config.seen.set(3, 4);

    expect(Object.isFrozen(config.when)).toBe(false);
    expect(config.seen.size).toBe(2);
  });

  test.for([1, 'text', null, undefined, NaN])('returns %s as it is', (value) => {
    expect(freezeDeep(value)).toBe(value);
  });

  test('changes no value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(freezeDeep(structuredClone(value))).toEqual(value);
      }),
    );
  });
});

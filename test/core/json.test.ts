import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlainObject, jsonLine, jsonText } from '../../src/core/json.ts';

describe('jsonText', () => {
  test('is indented and ends with a line break', () => {
    expect(jsonText({ lr: 0.1, tags: ['a'] })).toBe(
      '{\n  "lr": 0.1,\n  "tags": [\n    "a"\n  ]\n}\n',
    );
  });

  test.for<[value: unknown, spelled: string]>([
    [NaN, '"nan"'],
    [Infinity, '"inf"'],
    [-Infinity, '"-inf"'],
    [2n ** 70n, '"1180591620717411303424"'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [1e-7, '1e-7'],
    ['\u2028"\n', '"\u2028\\"\\n"'],
  ])('spells %s as %s', ([value, spelled]) => {
    expect(jsonText(value)).toBe(`${spelled}\n`);
    expect(jsonText({ deep: [value] })).toContain(spelled);
  });

  test('gives back every value JSON can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        // JSON has one zero
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('jsonLine', () => {
  test.for<[value: unknown, text: string]>([
    [{ lr: 0.1, tags: ['a', NaN] }, '{"lr":0.1,"tags":["a","nan"]}'],
    ['sgd', '"sgd"'],
    [NaN, 'nan'],
    [-Infinity, '-inf'],
    [12n, '12'],
    [null, 'null'],
    [undefined, 'undefined'],
  ])('writes %s as %s', ([value, text]) => {
    expect(jsonLine(value)).toBe(text);
  });
});

describe('isPlainObject', () => {
  class Point {
    readonly x = 1;
  }

  test.for([{}, { a: 1 }, Object.create(null), JSON.parse('{"__proto__": 1}')])(
    'takes an object of keys and values',
    (value) => {
      expect(isPlainObject(value)).toBe(true);
    },
  );

  test.for([null, undefined, 1, 'text', [], new Date(), new Map(), new Point(), () => 1])(
    'refuses %s',
    (value) => {
      expect(isPlainObject(value)).toBe(false);
    },
  );
});

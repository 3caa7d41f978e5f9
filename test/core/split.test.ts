import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitOutside, unquote } from '../../src/core/split.ts';

describe('splitOutside', () => {
  test.for<[text: string, ...parts: string[]]>([
    ['a', 'a'],
    ['', ''],
    ['a,b', 'a', 'b'],
    [',', '', ''],
    ['a,b,', 'a', 'b', ''],
    ['a , b', 'a ', ' b'],
    ['[1,2],3', '[1,2]', '3'],
    ['[[1,2],[3]],[4]', '[[1,2],[3]]', '[4]'],
    ['{"a":1,"b":2},{}', '{"a":1,"b":2}', '{}'],
    ['range(0,5),7', 'range(0,5)', '7'],
    ['"a,b",c', '"a,b"', 'c'],
    ["'a,b',c", "'a,b'", 'c'],
    [`"it's",b`, `"it's"`, 'b'],
    ['"[",b', '"["', 'b'],
    [String.raw`"a\",b",c`, String.raw`"a\",b"`, 'c'],
    [String.raw`a\,b,c`, 'a,b', 'c'],
    [String.raw`C:\data,D:\data`, String.raw`C:\data`, String.raw`D:\data`],
    ['a),b', 'a)', 'b'],
    ['(a,b', '(a,b'],
  ])('splits %s', ([text, ...parts]) => {
    expect(splitOutside(text, ',')).toEqual(parts);
  });

  test('splits at any separator', () => {
    expect(splitOutside('a=1;b={x;y}', ';')).toEqual(['a=1', 'b={x;y}']);
  });

  test('loses nothing: the parts joined are the text', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from(`ab ,[](){}"'é`)) });
    fc.assert(
      fc.property(text, (line) => {
        expect(splitOutside(line, ',').join(',')).toBe(line);
      }),
    );
  });

  test('keeps quoted parts whole, whatever they hold', () => {
    const quoted = fc.string().map((text) => `"${text.replace(/["\\]/g, '')}"`);
    fc.assert(
      fc.property(fc.array(quoted, { minLength: 1 }), (parts) => {
        expect(splitOutside(parts.join(','), ',')).toEqual(parts);
      }),
    );
  });
});

describe('unquote', () => {
  test.for<[text: string, plain: string]>([
    ['"sgd"', 'sgd'],
    ["'sgd'", 'sgd'],
    ['""', ''],
    ['"two\nlines"', 'two\nlines'],
    [String.raw`"say \"hi\""`, 'say "hi"'],
    [String.raw`'it\'s'`, "it's"],
    [String.raw`"C:\data"`, String.raw`C:\data`],
  ])('takes the quotes off %j', ([text, plain]) => {
    expect(unquote(text)).toBe(plain);
  });

  test.for(['sgd', '', '"', `"sgd'`, 'a"b"', '"a" and "b"', String.raw`"open\"`])(
    'leaves %s as it is',
    (text) => {
      expect(unquote(text)).toBe(text);
    },
  );
});

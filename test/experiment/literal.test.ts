import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLiteral } from '../../src/experiment/literal.ts';

describe('parseLiteral', () => {
  test.for([
    '1',
    '-1.5',
    '+2',
    '.5',
    '5.',
    '1e-3',
    '1_000',
    '0xff',
    '0b101',
    '0o17',
    '-Infinity',
    'NaN',
    'true',
    'false',
    'null',
    '!0',
    '!1',
    "'it\\'s'",
    '"),("',
    '`plain`',
    "'\\u00e9\\x41\\u{1F600}\\n\\t\\\\'",
    '[]',
    '[1, [2, "a"], ]',
    '{}',
    '{ a: 1, "b c": [true], 3: null, }',
    '/* why */ 5 // because',
  ])('reads %s as the language does', (source) => {
    expect(parseLiteral(source)).toEqual({ value: runInThisContext(`(${source}\n)`) as unknown });
  });

  test.for([
    '',
    'x',
    'f()',
    '1 + 1',
    '`a${1}`',
    'new Date()',
    '/a/',
    '() => 1',
    '[x]',
    '{ a }',
    '{ [a]: 1 }',
    '[1 2]',
    '"open',
    'undefined',
    '1n',
    'truely',
  ])('finds no literal in %s', (source) => {
    expect(parseLiteral(source)).toBe(undefined);
  });

  test('reads whatever JSON can write', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, undefined, 1);
        expect(parseLiteral(text)?.value).toEqual(JSON.parse(text));
      }),
    );
  });
});

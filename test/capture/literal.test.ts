import { runInThisContext } from 'node:vm';
import { parseExpressionAt } from 'acorn';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalOf } from '../../src/capture/literal.ts';

function literalIn(source: string): { value: unknown } | undefined {
  return literalOf(parseExpressionAt(source, 0, { ecmaVersion: 'latest' }));
}

describe('literalOf', () => {
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
    expect(literalIn(source)).toEqual({ value: runInThisContext(`(${source}\n)`) as unknown });
  });

  test.for([
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
    'undefined',
    '1n',
    'truely',
  ])('finds no literal in %s', (source) => {
    expect(literalIn(source)).toBe(undefined);
  });

  test('reads whatever JSON can write', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, undefined, 1);
        expect(literalIn(text)?.value).toEqual(JSON.parse(text));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillIn, literal } from '../../src/core/placeholders.ts';

const VALUES: Readonly<Record<string, string>> = { lr: '0.1', 'net.width': '64' };
const fill = (word: string): string =>
  fillIn(
    word,
    (name) => (Object.hasOwn(VALUES, name) ? VALUES[name] : undefined),
    Object.keys(VALUES),
  );

describe('fillIn', () => {
  test.for([
    ['{lr}', '0.1'],
    ['--lr={lr},{net.width}', '--lr=0.1,64'],
    ['{{lr}}', '{lr}'],
    ['{{{lr}}}', '{0.1}'],
    ['plain', 'plain'],
  ])('makes of %s', ([word, filled]) => {
    expect(fill(word!)).toBe(filled);
  });

  test.for([
    ['{lrr}', 'Did you mean "lr"?'],
    ['{}', 'Nothing is called ""'],
    ['{lr', 'Write "{{"'],
    ['lr}', 'Write "}}"'],
  ])('refuses %s', ([word, message]) => {
    expect(() => fill(word!)).toThrow(message);
  });

  test('leaves alone what is marked as literal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(fill(literal(text))).toBe(text);
      }),
    );
  });
});

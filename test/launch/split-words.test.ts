import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitWords } from '../../src/launch/split-words.ts';

describe('splitWords', () => {
  test.for([
    ['python train.py --lr {lr}', ['python', 'train.py', '--lr', '{lr}']],
    ["sh -c 'echo $HOME | wc'", ['sh', '-c', 'echo $HOME | wc']],
    [String.raw`say "a \"b\" $c" d\ e ''`, ['say', 'a "b" $c', 'd e', '']],
    ['a"b c"\'d e\'f', ['ab cd ef']],
    ['  a\n\tb  ', ['a', 'b']],
  ] as const)('splits %s', ([command, words]) => {
    expect(splitWords(command)).toEqual(words);
  });

  test('gives back any words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (words) => {
        const quoted = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`);
        expect(splitWords(quoted.join(' '))).toEqual(words);
      }),
    );
  });

  test.for([
    ['', 'it has no words'],
    ["echo 'a", "a ' is not closed"],
    ['echo "a', 'a " is not closed'],
    ['echo \\', 'a \\ is not closed'],
    ['a | b', '"|" is for a shell'],
    ['a > b', '"|" is for a shell'.replace('|', '>')],
  ])('refuses %s', ([command, reason]) => {
    expect(() => splitWords(command!)).toThrow(reason);
  });
});

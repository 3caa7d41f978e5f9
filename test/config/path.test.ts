import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isWithin, parsePath, pathText } from '../../src/config/path.ts';

describe('parsePath', () => {
  test.for<[text: string, path: string[]]>([
    ['lr', ['lr']],
    ['train.lr', ['train', 'lr']],
    ['layers[0]', ['layers', '0']],
    ['layers.0', ['layers', '0']],
    ['layers[-1]', ['layers', '-1']],
    ['a[0][1].b', ['a', '0', '1', 'b']],
    ['models["gpt-4.1"].weight', ['models', 'gpt-4.1', 'weight']],
    ["models['gpt-4.1']", ['models', 'gpt-4.1']],
    ['a["it\'s"]', ['a', "it's"]],
    [String.raw`a["say \"hi\""]`, ['a', 'say "hi"']],
    [String.raw`a["C:\\new"]`, ['a', String.raw`C:\new`]],
    [String.raw`a["C:\new"]`, ['a', String.raw`C:\new`]],
    ['["a.b"]', ['a.b']],
    ['a[""]', ['a', '']],
    ['größe.学', ['größe', '学']],
    ['train . lr', ['train', 'lr']],
  ])('reads %s', ([text, path]) => {
    expect(parsePath(text)).toEqual(path);
  });

  test.for([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    'a. .b',
    'a[',
    'a]',
    'a[x]',
    'a["b]',
    'a[]',
    ' ',
    'a[0]b',
  ])('knows that "%s" is no path', (text) => {
    expect(parsePath(text)).toBeUndefined();
  });
});

describe('pathText', () => {
  test.for<[path: string[], text: string]>([
    [['train', 'lr'], 'train.lr'],
    [['layers', '0', 'width'], 'layers[0].width'],
    [['models', 'gpt-4.1'], 'models["gpt-4.1"]'],
    [['a', 'say "hi"'], `a['say "hi"']`],
    [['a', '~b'], 'a["~b"]'],
    [['a', 'b:'], 'a["b:"]'],
    [['', 'b'], '[""].b'],
  ])('writes %j', ([path, text]) => {
    expect(pathText(path)).toBe(text);
  });

  test('writes what parsePath reads, whatever the names', () => {
    const name = fc.oneof(
      fc.string({ unit: fc.constantFrom(...Array.from(`ab0-. []"'\\=~+:@\n`)) }),
      fc.string({ unit: 'grapheme' }),
      fc.integer().map(String),
    );
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (path) => {
        expect(parsePath(pathText(path))).toEqual(path);
      }),
    );
  });
});

describe('isWithin', () => {
  test.for<[inner: string[], outer: string[], is: boolean]>([
    [['a', 'b'], ['a'], true],
    [['a'], ['a'], true],
    [['a'], ['a', 'b'], false],
    [['ab'], ['a'], false],
    [['a'], [], true],
  ])('tells of %j whether it lies in %j', ([inner, outer, is]) => {
    expect(isWithin(inner, outer)).toBe(is);
  });
});

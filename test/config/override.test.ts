import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../../src/config/compose.ts';
import { looksLikeOverride, parseOverride, splitOverride } from '../../src/config/override.ts';
import { pathText } from '../../src/config/path.ts';
import { isExpError } from '../../src/core/errors.ts';
import { configOf, overrides } from '../helpers/compose.ts';
import { test } from '../helpers/temp-dir.ts';

describe('splitOverride', () => {
  test.for<[text: string, operation: string, path: string[], value: string]>([
    ['lr=0.1', 'change', ['lr'], '0.1'],
    ['net.head.dropout=0.5', 'change', ['net', 'head', 'dropout'], '0.5'],
    ['x= 5', 'change', ['x'], '5'],
    [' x = 5 ', 'change', ['x'], '5'],
    ['name=', 'change', ['name'], ''],
    ['expression=a=b', 'change', ['expression'], 'a=b'],
    ['l[0]=3', 'change', ['l', '0'], '3'],
    ['l[-1]=3', 'change', ['l', '-1'], '3'],
    ['größe=1', 'change', ['größe'], '1'],
    ['__proto__.polluted=1', 'change', ['__proto__', 'polluted'], '1'],
    ['models["a=b"].x=1', 'change', ['models', 'a=b', 'x'], '1'],
    ['models["a]"]=1', 'change', ['models', 'a]'], '1'],
    [String.raw`m["\"="]=1`, 'change', ['m', '"='], '1'],
    ['name=~x', 'change', ['name'], '~x'],
    ['name=a\nb', 'change', ['name'], 'a\nb'],
    ['net:={"a":1}', 'replace', ['net'], '{"a":1}'],
    ['net :={}', 'replace', ['net'], '{}'],
    ['m["a:"]=1', 'change', ['m', 'a:'], '1'],
    ['+net.new=1', 'add', ['net', 'new'], '1'],
    ['+l[2]=1', 'add', ['l', '2'], '1'],
    ['~lr', 'unset', ['lr'], ''],
    [' ~net.lr ', 'unset', ['net', 'lr'], ''],
  ])('splits "%s"', ([text, operation, path, value]) => {
    expect(splitOverride(text)).toEqual({ operation, path, value, text });
  });

  test.for([
    'lr',
    '=0.1',
    '',
    ' =1',
    '.lr=1',
    'net.=1',
    'net..head=1',
    'main.ts',
    '+lr',
    ':=1',
    '+net:=1',
    'l[=1',
    'l[x]=1',
    'l[0=1',
    '+',
    'a b]=1',
    'm["a=1',
  ])('refuses "%s", which is no key and value', (text) => {
    expect(() => splitOverride(text)).toThrow(
      expect.objectContaining({
        code: 'EXP_USAGE',
        message: `"${text}" is no override. Write key=value, as in lr=0.1.`,
      }),
    );
  });

  test.for(['~', '~lr=1', '~=1', '~net.', '~lr:=1'])('refuses "%s" to unset a key', (text) => {
    expect(() => splitOverride(text)).toThrow(
      `"${text}" is no override. Write ~key alone, as in ~lr.`,
    );
  });

  test('never fails but with EXP_USAGE', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...Array.from(`~+a.[]"'\\=:0- @`)), maxLength: 40 }),
    );
    fc.assert(
      fc.property(text, (override) => {
        try {
          splitOverride(override);
        } catch (error) {
          expect(isExpError(error) && error.code).toBe('EXP_USAGE');
        }
      }),
    );
  });

  test('finds the key in the text of any path', () => {
    const name = fc.string({
      minLength: 1,
      unit: fc.constantFrom(...Array.from(`ab0-. []"'\\=~+:`)),
    });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), fc.string(), (path, value) => {
        const text = `${pathText(path)}=${value}`;

        expect(splitOverride(text)).toMatchObject({ path, value: value.trim() });
      }),
    );
  });
});

describe('looksLikeOverride', () => {
  test.for<[word: string, does: boolean]>([
    ['lr=1', true],
    ['~lr', true],
    ['+a.b=1', true],
    ['evaluate', false],
    ['big.yaml', false],
  ])('tells of %s whether it does', ([word, does]) => {
    expect(looksLikeOverride(word)).toBe(does);
  });
});

describe('parseOverride', () => {
  const Config = z.object({
    name: z.string().default('x'),
    layers: z.array(z.int()).default([64]),
    net: z.object({ width: z.int().default(1), depth: z.int().default(2) }).prefault({}),
    extra: z.any().optional(),
  });

  test('reads the value by the type of its key, and remembers the text', () => {
    expect(overrides(Config, 'layers=[64,32]')).toEqual([
      {
        operation: 'change',
        path: ['layers'],
        value: [64, 32],
        origin: { layer: 'override', text: 'layers=[64,32]' },
      },
    ]);
  });

  test('assigns each value of an object, since objects are merged', () => {
    expect(overrides(Config, 'net={"width":3}')).toMatchObject([
      { path: ['net'], value: {} },
      { path: ['net', 'width'], value: 3, origin: { text: 'net={"width":3}' } },
    ]);
    expect(overrides(Config, 'net:={"width":3}')).toMatchObject([
      { operation: 'replace', path: ['net'], value: { width: 3 } },
    ]);
  });

  test('reads files as values, other files and keys that are text as text', async ({ dir }) => {
    const [json, yaml, text] = ['a.json', 'b.yaml', 'c.txt'].map((name) => join(dir, name));
    writeFileSync(json!, '{"width": 5}');
    writeFileSync(yaml!, 'width: 6\ndepth: 7\n');
    writeFileSync(text!, 'two\nlines\n');

    expect(await configOf(Config, `net=@${json}`)).toMatchObject({ net: { width: 5, depth: 2 } });
    expect(await configOf(Config, `net=@"${yaml}"`)).toMatchObject({ net: { width: 6, depth: 7 } });
    expect(await configOf(Config, `extra=@${yaml}`)).toMatchObject({ extra: { width: 6 } });
    expect(await configOf(Config, `name=@${json}`)).toMatchObject({ name: '{"width": 5}' });
    expect(await configOf(Config, `extra=@${text}`)).toMatchObject({ extra: 'two\nlines\n' });
    expect(await configOf(Config, 'name=@@c.txt')).toMatchObject({ name: '@c.txt' });
  });

  test('knows the line of each value of a file, and the override it came by', ({ dir }) => {
    const file = join(dir, 'net.yaml');
    writeFileSync(file, '# the net\nwidth: 6\ndepth: 7\n');
    const text = `net=@${file}`;

    const origins = overrides(Config, text).map(({ origin }) => origin);

    expect(origins[2]).toEqual({ layer: 'override', text, file, line: 3 });
  });

  test('says which file it cannot read', ({ dir }) => {
    const file = join(dir, 'missing.json');

    expect(() => parseOverride(splitOverride(`net=@${file}`), schemaOf(Config))).toThrow(
      expect.objectContaining({
        code: 'EXP_FILE',
        message: expect.stringContaining(`There is no file "${relative('', file)}".`),
      }),
    );
  });
});

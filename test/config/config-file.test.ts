import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../../src/config/compose.ts';
import { isStructured, readValueFile } from '../../src/config/value-file.ts';
import { compose, fileLayers, linesOfError } from '../helpers/compose.ts';
import { test } from '../helpers/temp-dir.ts';

const Config = z.object({
  lr: z.number().default(0.1),
  name: z.string().default('x'),
  flag: z.boolean().default(false),
  maybe: z.string().nullable().default('m'),
  either: z.union([z.number(), z.string()]).default(0),
  choice: z.enum(['no', 'yes']).default('yes'),
  layers: z.array(z.int()).default([64, 32]),
  net: z.object({ width: z.int().default(1), act: z.string().default('relu') }).prefault({}),
  def: z.object({ a: z.int(), b: z.int().default(0) }).default({ a: 8, b: 9 }),
  items: z.array(z.object({ n: z.string(), v: z.number().default(1) })).default([]),
  weights: z.record(z.string(), z.number()).default({ p: 1 }),
  free: z.any().optional(),
});

/** Writes files into a directory and composes the first one of them. */
async function load(dir: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    const file = join(dir, name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return compose(Config, fileLayers(Config, join(dir, Object.keys(files)[0]!)));
}

describe('a YAML file', () => {
  test.for<[text: string, expected: Record<string, unknown>]>([
    ['name: no', { name: 'no' }],
    ['name: 1.10', { name: '1.10' }],
    ['name: null', { name: 'null' }],
    ['name: 007', { name: '007' }],
    ['name: 2026-01-31', { name: '2026-01-31' }],
    ['name: a b # not c', { name: 'a b' }],
    ['name: "quoted\\n"', { name: 'quoted\n' }],
    ['name: |\n  a\n  b\n', { name: 'a\nb\n' }],
    ['name: plain\n  words', { name: 'plain words' }],
    ['lr: 1e-3', { lr: 0.001 }],
    ['lr: .5', { lr: 0.5 }],
    ['lr: 1_000', { lr: 1000 }],
    ['flag: true', { flag: true }],
    ['maybe: ~', { maybe: '~' }],
    ['maybe: null', { maybe: null }],
    ['maybe:', { maybe: null }],
    ['maybe: "null"', { maybe: 'null' }],
    ['either: 1.10', { either: 1.1 }],
    ['either: "1.10"', { either: '1.10' }],
    ['choice: no', { choice: 'no' }],
    ['layers: [1, 2]', { layers: [1, 2] }],
    ['layers:\n- 1\n- 2', { layers: [1, 2] }],
    ['layers[0]: 1', { layers: [1, 32] }],
    ['+layers[2]: 1', { layers: [64, 32, 1] }],
    ['net: {width: 3}', { net: { width: 3, act: 'relu' } }],
    ['net.width: 3', { net: { width: 3, act: 'relu' } }],
    ['net:\n  width: 3\nnet.act: tanh', { net: { width: 3, act: 'tanh' } }],
    ['def: {a: 1}', { def: { a: 1, b: 9 } }],
    ['"def:": {a: 1}', { def: { a: 1, b: 0 } }],
    ['def:: {a: 1}', { def: { a: 1, b: 0 } }],
    ['weights: {q: 2}', { weights: { p: 1, q: 2 } }],
    ['weights.q: 2', { weights: { p: 1, q: 2 } }],
    ['+weights.q: 2', { weights: { p: 1, q: 2 } }],
    ['weights: {1: 2, a.b: 3, "~": 4}', { weights: { p: 1, '1': 2, 'a.b': 3, '~': 4 } }],
    ['~lr:', { lr: 0.1 }],
    ['free: {a: no, b: 1.10, c: 0x10, d: ~}', { free: { a: 'no', b: 1.1, c: 16, d: null } }],
    ['free: 0x10', { free: 16 }],
    ['free: ~', { free: null }],
    ['free: .inf', { free: Infinity }],
    ['free: {__proto__: {a: 1}}', { free: JSON.parse('{"__proto__": {"a": 1}}') }],
    ['name: "@@home"', { name: '@home' }],
    ['lr: &x 3\nname: *x\neither: *x', { lr: 3, name: '3', either: 3 }],
    ['def: &d {a: 1}\nfree: {<<: *d, c: 2}', { free: { a: 1, c: 2 } }],
    [
      'free:\n  - &d {a: 1, b: 1}\n  - {a: 2, <<: *d}',
      {
        free: [
          { a: 1, b: 1 },
          { a: 2, b: 1 },
        ],
      },
    ],
    [
      'free:\n  - &d {a: 1}\n  - &e {a: 2, b: 2}\n  - {<<: [*d, *e]}',
      { free: [{ a: 1 }, { a: 2, b: 2 }, { a: 1, b: 2 }] },
    ],
    ['free: {"<<": 1}', { free: { '<<': 1 } }],
    ['', {}],
    ['# nothing', {}],
    ['---\n', {}],
    ['\uFEFFlr: 1', { lr: 1 }],
    ['lr: 1\r\nnet:\r\n  width: 2\r\n', { lr: 1, net: { width: 2, act: 'relu' } }],
    ['lr:\t0.3', { lr: 0.3 }],
  ])('%j', async ([text, expected], { dir }) => {
    expect((await load(dir, { 'c.yaml': text })).config).toMatchObject(expected);
  });

  test.for<[text: string, message: string]>([
    [
      'lr: "0.1"',
      'Config "lr": Invalid input: expected number, received string, got "0.1" (file FILE:1)',
    ],
    [
      'flag: yes',
      'Config "flag": Invalid input: expected boolean, received string, got "yes" (file FILE:1)',
    ],
    [
      'layers: [1,\n x]',
      'Config "layers[1]": Invalid input: expected number, received string, got "x" (file FILE:2)',
    ],
    [
      'items:\n- n: a\n- n: b\n  v: x',
      'Config "items[1].v": Invalid input: expected number, received string, got "x" (file FILE:4)',
    ],
    [
      '# one\n\nnett: {width: 1}',
      'Config key "nett.width" is unknown. Did you mean "net.width"? (file FILE:3)',
    ],
    ['items:\n- n: a\n  nn: 1', 'Config key "items[0].nn" is unknown. Known: n, v. (file FILE:3)'],
    [
      'layers[2]: 1',
      'Config key "layers[2]" does not exist: the list has 2 items. To add one, write +layers[2]=... (file FILE:1)',
    ],
    ['+lr: 1', 'Config key "lr" is there already. To change it, write lr=... (file FILE:1)'],
    ['~net: {width: 1}', '"~net" unsets a key and takes no value. (file FILE:1)'],
    ['name: a\nname: b', 'FILE:2:1: Map keys must be unique.'],
    ['\tlr: 1', 'FILE:1:1: Tabs are not allowed as indentation.'],
    [
      'lr: [',
      'FILE:1:6: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    ['lr: 1\n---\nlr: 2', 'FILE:2:1: A second document begins here; a file holds one.'],
    ['free: *x', 'FILE:1:7: There is no &x above.'],
    ['free: &x [*x]', 'FILE:1:11: *x stands inside of what it names.'],
    ['free: {<<: 3}', 'FILE:1:8: Only maps can be merged by <<.'],
    ['? [a]\n: 1', 'FILE:1:3: A key must be a word.'],
    ['free: !secret x', 'FILE:1:7: Unresolved tag: !secret.'],
    ['[1]', '"FILE" is no config: it must hold keys and values, got [1].'],
    ['text', '"FILE" is no config: it must hold keys and values, got "text".'],
    ['extends: 3', '"extends" in FILE must be a name or a list of names, got 3.'],
  ])('%j is refused', async ([text, message], { dir }) => {
    const lines = await linesOfError(() => load(dir, { 'c.yaml': text }));

    expect(lines).toEqual([message.replace('FILE', relative('', join(dir, 'c.yaml')))]);
  });
});

describe('a JSON file', () => {
  test.for<[text: string, expected: Record<string, unknown>]>([
    ['{\n\t"lr": 1,\n\t"net": {\t"width": 2}\n}\n', { lr: 1, net: { width: 2 } }],
    ['{"name": "\\ud83d\\ude00 \\/ \\u00e4"}', { name: '😀 / ä' }],
    ['{"name": "1.10", "either": "5"}', { name: '1.10', either: '5' }],
    ['{"net.width": 3, "~lr": null, "def:": {"a": 1}}', { net: { width: 3 }, def: { a: 1, b: 0 } }],
    ['{"free": {"<<": {"a": 1}}}', { free: { '<<': { a: 1 } } }],
    ['{"lr": 1e-3, "either": -0.5E+2}', { lr: 0.001, either: -50 }],
    ['{}', {}],
    ['', {}],
  ])('%j', async ([text, expected], { dir }) => {
    expect((await load(dir, { 'c.json': text })).config).toMatchObject(expected);
  });

  test('has lines, and its types are not guessed', async ({ dir }) => {
    const text = '{\n  "name": "x",\n  "lr": "1"\n}';

    const [line] = await linesOfError(() => load(dir, { 'c.json': text }));

    expect(line).toMatch(/^Config "lr": .* got "1" \(file .*c\.json:3\)$/);
  });

  test('names a key once', async ({ dir }) => {
    const [line] = await linesOfError(() => load(dir, { 'c.json': '{"lr": 1,\n"lr": 2}' }));

    expect(line).toMatch(/c\.json:2:1: Map keys must be unique\.$/);
  });
});

describe('extends', () => {
  test('puts the values of other files below, in the order named', async ({ dir }) => {
    const { config, origins } = await load(dir, {
      'main.yaml': 'extends: [sub/a.yaml, b.json]\nlr: 3\n',
      'sub/a.yaml': 'extends: ../base.yaml\nlr: 2\nname: a\n',
      'b.json': '{"name": "b"}',
      'base.yaml': '\nlr: 1\nname: base\nnet: {width: 5}\n',
    });

    expect(config).toMatchObject({ lr: 3, name: 'b', net: { width: 5 } });
    expect(origins).toMatchObject({
      lr: { layer: 'file', file: join(dir, 'main.yaml'), line: 2 },
      name: { file: join(dir, 'b.json'), line: 1 },
      'net.width': { file: join(dir, 'base.yaml'), line: 4 },
    });
  });

  test('may reach a file by two ways', async ({ dir }) => {
    const { config } = await load(dir, {
      'main.yaml': 'extends: [a.yaml, b.yaml]',
      'a.yaml': 'extends: base.yaml\nlr: 2',
      'b.yaml': 'extends: base.yaml',
      'base.yaml': 'lr: 1',
    });

    expect(config).toMatchObject({ lr: 1 });
  });

  test('in a circle is an error that names it', async ({ dir }) => {
    const files = { 'a.yaml': 'extends: b.yaml', 'b.yaml': 'extends: [a.yaml]' };
    const shown = (name: string): string => relative('', join(dir, name));

    expect(await linesOfError(() => load(dir, files))).toEqual([
      `Config files extend each other in a circle: ${shown('a.yaml')} → ${shown('b.yaml')} → ${shown('a.yaml')}.`,
    ]);
  });

  test('says which file is missing', async ({ dir }) => {
    await expect(load(dir, { 'a.yaml': 'extends: missing.yaml' })).rejects.toThrow(
      expect.objectContaining({
        code: 'EXP_FILE',
        message:
          `There is no file "${relative('', join(dir, 'missing.yaml'))}". ` +
          `(named by ${relative('', join(dir, 'a.yaml'))})`,
      }),
    );
  });
});

describe('@file', () => {
  test('stands for what the file holds, relative to the one that names it', async ({ dir }) => {
    const { config, origins } = await load(dir, {
      'main.yaml': 'net: "@parts/net.yaml"\nname: "@parts/name.txt"\nfree: ["@parts/net.yaml"]',
      'parts/net.yaml': 'width: 5\nact: "@act.txt"\n',
      'parts/act.txt': 'tanh',
      'parts/name.txt': 'two\nlines\n',
    });

    expect(config).toMatchObject({
      net: { width: 5, act: 'tanh' },
      name: 'two\nlines\n',
      free: [{ width: 5, act: 'tanh' }],
    });
    expect(origins).toMatchObject({
      'net.width': { layer: 'file', file: join(dir, 'parts/net.yaml'), line: 1 },
      'net.act': { file: join(dir, 'parts/act.txt'), line: 1 },
    });
  });

  test('is refused with the line it stands on', async ({ dir }) => {
    const files = { 'main.yaml': 'net: "@net.yaml"', 'net.yaml': '\nwidth: wide\nheight: 1' };

    expect(await linesOfError(() => load(dir, files))).toEqual([
      expect.stringMatching(/^Config key "net\.height" is unknown\. .* \(file .*net\.yaml:3\)$/),
    ]);
  });

  test('in a circle is an error that names it', async ({ dir }) => {
    const files = { 'a.yaml': 'free: "@b.yaml"', 'b.yaml': '["@a.yaml"]' };

    const [line] = await linesOfError(() => load(dir, files));

    expect(line).toMatch(
      /^Files refer to each other in a circle: .*a\.yaml → .*b\.yaml → .*a\.yaml\.$/,
    );
  });
});

describe('readValueFile', () => {
  test('reads the type of the key it is for', ({ dir }) => {
    const file = join(dir, 'list.yaml');
    writeFileSync(file, '- no\n- 1.10\n');
    const { properties } = schemaOf(z.object({ words: z.array(z.string()), text: z.string() }));

    expect(readValueFile(file, properties!['words']!).value).toEqual(['no', '1.10']);
    expect(readValueFile(file, 'open').value).toEqual(['no', 1.1]);
    expect(readValueFile(file, properties!['text']!).value).toBe('- no\n- 1.10\n');
    expect(readValueFile(file, 'open').placeOf(['1'])).toEqual({ file, line: 2 });
  });

  test.for<[file: string, is: boolean]>([
    ['a.json', true],
    ['a.YAML', true],
    ['a.yml', true],
    ['a.txt', false],
    ['yaml', false],
  ])('holds values in %s: %s', ([file, is]) => {
    expect(isStructured(file)).toBe(is);
  });
});

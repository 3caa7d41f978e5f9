import { join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { linesOfError } from '../helpers/compose.ts';
import { load } from '../helpers/load-files.ts';
import { test } from '../helpers/temp-dir.ts';

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

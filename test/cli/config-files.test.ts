import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles, type Files } from '../helpers/typescript-project.ts';

const FILE = 'configs/main.ts';

interface Printed {
  readonly config: Record<string, unknown>;
  readonly keys: readonly { key: string; file?: string; line?: number }[];
}

describe('with=file.yaml', () => {
  test('is found from the current folder, and what it extends from the file', async ({ dir }) => {
    makeProject(dir, 'configs');
    writeFiles(dir, {
      'settings/small.yaml': 'extends: [parts/base.yaml, ../common.json]\nepochs: 5\n',
      'settings/parts/base.yaml': 'extends: deep.yml\nlr: 0.5\nlabel: base\n',
      'settings/parts/deep.yml': '# the root of it all\nlr: 9\nbatch: 8\n',
      'common.json': { label: 'common', net: { norm: { eps: 1 } } },
    });

    for (const [cwd, file, main] of [
      [dir, 'settings/small.yaml', FILE],
      [join(dir, 'settings/parts'), '../small.yaml', join(dir, FILE)],
    ] as const) {
      const line = [main, `with=${file}`, '--print-config', '--json'];
      const { stdout } = await runExp(line, { cwd });

      const { config, keys } = JSON.parse(stdout) as Printed;
      expect(config).toMatchObject({ lr: 0.5, epochs: 5, batch: 8, label: 'common' });
      const placeOf = (name: string): unknown[] =>
        keys.filter(({ key }) => key === name).map((key) => [key.file, key.line]);
      expect(placeOf('batch')).toEqual([[join(dir, 'settings/parts/deep.yml'), 3]]);
      expect(placeOf('lr')).toEqual([[join(dir, 'settings/parts/base.yaml'), 2]]);
      expect(placeOf('net.norm.eps')).toEqual([[join(dir, 'common.json'), 1]]);
    }
  });

  test('may be empty', async ({ dir }) => {
    makeProject(dir, 'configs');
    writeFiles(dir, { 'empty.yaml': '# nothing yet\n' });

    const { code } = await runExp([FILE, 'with=empty.yaml', '--print-config'], { cwd: dir });

    expect(code).toBe(0);
  });

  test.for<[what: string, files: Files, message: string]>([
    [
      'wrong syntax, with its place',
      { 'a.yaml': 'lr: 1\nlabel: "open\n' },
      'a.yaml:3:1: Missing closing "quote.',
    ],
    ['a key that stands twice', { 'a.yaml': 'lr: 1\nlr: 2\n' }, 'a.yaml:2:1: Map keys must be'],
    [
      'an unknown key, with its line',
      { 'a.yaml': '\nepochs: 3\nnet:\n  layer: [1]\n' },
      'Config key "net.layer" is unknown. Did you mean "net.layers"? (file a.yaml:4)',
    ],
    [
      'every wrong value at once',
      { 'a.yaml': 'lr: fast\nepochs: -1\n' },
      'got "fast" (file a.yaml:1)\nConfig "epochs": Too small: expected number to be >0, got -1 (file a.yaml:2)',
    ],
    ['a list for a config', { 'a.yaml': '- lr: 1\n' }, '"a.yaml" is no config: it must hold keys'],
    ['text for a config', { 'a.yaml': 'hello\n' }, '"a.yaml" is no config: it must hold keys'],
    ['a missing file', { 'aa.yaml': '' }, 'There is no file "a.yaml". Did you mean "aa.yaml"?'],
    ['a missing file', {}, 'There is no file "a.yaml".\n'],
    [
      'a missing file that another extends',
      { 'a.yaml': 'extends: sub/b.yaml\n' },
      'There is no file "sub/b.yaml": there is no directory "sub". (named by a.yaml)',
    ],
    [
      'a missing file that a value names',
      { 'a.yaml': 'epochs: 1\nlabel: "@label.txt"\n' },
      'There is no file "label.txt". (named by a.yaml:2)',
    ],
    [
      'files that extend each other',
      { 'a.yaml': 'extends: b.yaml\n', 'b.yaml': 'extends: a.yaml\n' },
      'Config files extend each other in a circle: a.yaml → b.yaml → a.yaml.',
    ],
    [
      'an extends that is no name',
      { 'a.yaml': 'extends: 3\n' },
      '"extends" in a.yaml must be a name or a list of names, got 3.',
    ],
  ])('refuses %s', async ([, files, message], { dir }) => {
    makeProject(dir, 'configs');
    writeFiles(dir, files);
    const before = treeOf(dir);

    const { code, stdout, stderr } = await runExp([FILE, 'with=a.yaml'], { cwd: dir });

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(treeOf(dir)).toEqual(before);
  });

  test('refuses a directory', async ({ dir }) => {
    makeProject(dir, 'configs');
    mkdirSync(join(dir, 'a.yaml'));

    const { code, stderr } = await runExp([FILE, 'with=a.yaml'], { cwd: dir });

    expect(code).toBe(2);
    expect(stderr).toBe('Error: "a.yaml" is a directory. Name a file in it.\n');
  });

  test('refuses a file that may not be read', async ({ dir, skip }) => {
    if (process.getuid?.() === 0) skip('root may read everything');
    makeProject(dir, 'configs');
    writeFiles(dir, { 'a.yaml': 'lr: 1\n' });
    chmodSync(join(dir, 'a.yaml'), 0o000);

    const { code, stderr } = await runExp([FILE, 'with=a.yaml'], { cwd: dir });

    expect(code).toBe(2);
    expect(stderr).toBe('Error: Cannot read "a.yaml": you have no permission to.\n');
  });
});

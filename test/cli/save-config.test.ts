import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILE = 'every-type/main.ts';

/** A value of every type, none of them its default. */
const LINE = [
  'word=no',
  'path=@@x',
  'note="a, b"',
  'version=1.10',
  'lines=@lines.txt',
  'none=null',
  'flag=true',
  'rate=nan',
  'limit=-inf',
  'tiny=1e-300',
  'choice=7',
  'epochs=40',
  'net.layers=[1,2,3]',
  'net.norm={"kind":"layer"}',
  'table=[[1,null],[2,"no"]]',
  'weights:={"dog":2,"yes":0,"1.5":3,"~a":4,"b.c":5}',
  'optimizer:={"kind":"adam","beta":0.5}',
  'extra=[]',
  '+loose.x={"y":[true,"null","~"]}',
];

interface Printed {
  readonly config: Record<string, unknown>;
  readonly keys: readonly { key: string; value: unknown; layer: string; file?: string }[];
}

async function printed(dir: string, words: readonly string[]): Promise<Printed> {
  const { stdout, stderr } = await runExp([FILE, ...words, '--print-config', '--json'], {
    cwd: dir,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Printed;
}

function project(dir: string): void {
  makeProject(dir, 'every-type');
  writeFiles(dir, { 'lines.txt': '  first\n\n# second: @x\n\ttrailing \n' });
}

describe('run-exp FILE --save-config', () => {
  test.for(['saved.yaml', 'saved.yml', 'saved.json'])(
    'writes %s, which makes the same config again',
    async (file, { dir }) => {
      project(dir);
      const original = await printed(dir, LINE);

      const saving = await runExp([FILE, ...LINE, '--save-config', file], { cwd: dir });
      const again = await printed(dir, [`with=${file}`]);

      expect(saving).toMatchObject({ code: 0, stdout: '', stderr: `The config is in ${file}.\n` });
      expect(again.config).toEqual(original.config);
      expect(treeOf(dir)).not.toContain('runs');
    },
  );

  test('leaves out derived values, which follow what is changed later', async ({ dir }) => {
    project(dir);
    await runExp([FILE, ...LINE, '--save-config', 'saved.yaml'], { cwd: dir });

    const { config, keys } = await printed(dir, ['with=saved.yaml', 'epochs=100']);

    expect(config).toMatchObject({ epochs: 100, warmup: 10 });
    expect(keys.find(({ key }) => key === 'warmup')).toMatchObject({ layer: 'derived' });
    expect(keys.find(({ key }) => key === 'word')).toMatchObject({
      layer: 'file',
      file: join(dir, 'saved.yaml'),
    });
    expect(readFileSync(join(dir, 'saved.yaml'), 'utf8')).toMatch(
      /# how many rounds\nepochs: 40\n[^]*# Derived from the values above:\n# warmup: 4\n$/,
    );
  });

  test('keeps a derived value that was set', async ({ dir }) => {
    project(dir);
    await runExp([FILE, 'warmup=3', '--save-config', 'saved.json'], { cwd: dir });

    expect((await printed(dir, ['with=saved.json', 'epochs=100'])).config).toMatchObject({
      epochs: 100,
      warmup: 3,
    });
  });

  test('saves a seed that was given, and not a random one', async ({ dir }) => {
    project(dir);

    await runExp([FILE, '--save-config', 'random.json'], { cwd: dir });
    await runExp([FILE, '--seed', '7', '--save-config', 'given.json'], { cwd: dir });

    const saved = (file: string): unknown => JSON.parse(readFileSync(join(dir, file), 'utf8'));
    expect(saved('random.json')).not.toHaveProperty('seed');
    expect(saved('given.json')).toHaveProperty('seed', 7);
    const seed = (await printed(dir, ['with=given.json'])).keys.find(({ key }) => key === 'seed');
    expect(seed).toMatchObject({ value: 7, layer: 'file' });
  });

  test('saves the config of an earlier run, with what is changed', async ({ dir }) => {
    project(dir);
    const original = await printed(dir, LINE);
    await runExp([FILE, ...LINE, '--seed', '3'], { cwd: dir });

    const line = ['--from', 'last', 'epochs=50', '--save-config', 'saved.yaml'];
    await runExp([FILE, ...line], { cwd: dir });

    const again = await printed(dir, ['with=saved.yaml']);
    expect(again.config).toEqual({ ...original.config, epochs: 50, warmup: 5 });
    expect(again.keys.find(({ key }) => key === 'seed')).toMatchObject({ value: 3 });
  });

  test('prints the config too, when asked', async ({ dir }) => {
    project(dir);

    const line = [FILE, 'epochs=50', '--save-config', 'saved.json', '--print-config', '--json'];
    const { stdout } = await runExp(line, { cwd: dir });

    expect((JSON.parse(stdout) as Printed).config).toMatchObject({ epochs: 50 });
    expect(existsSync(join(dir, 'saved.json'))).toBe(true);
  });

  describe('refuses', () => {
    const refusals: [what: string, words: string[], message: string][] = [
      ['a file that is there', ['--save-config', 'lines.yaml'], 'it exists already; remove it'],
      ['another ending', ['--save-config', 'saved.toml'], 'name a file ending in .yaml or .json'],
      [
        'a directory that is not there',
        ['--save-config', 'no/saved.yaml'],
        'there is no directory "no"; make it first',
      ],
      ['a file for a directory', ['--save-config', 'lines.txt/a.yaml'], '"lines.txt" is no dir'],
      ['sweeps', ['--sweep', '--save-config', 'saved.yaml'], 'saves one config. Leave out --sweep'],
      ['a config that is wrong', ['flag=2', '--save-config', 'saved.yaml'], 'must be boolean'],
    ];

    test.for(refusals)('%s', async ([, words, message], { dir }) => {
      project(dir);
      writeFiles(dir, { 'lines.yaml': 'word: mine\n' });
      const before = treeOf(dir);

      const { code, stderr }: Finished = await runExp([FILE, ...words], { cwd: dir });

      expect(code).toBe(2);
      expect(stderr).toContain(message);
      expect(treeOf(dir)).toEqual(before);
      expect(readFileSync(join(dir, 'lines.yaml'), 'utf8')).toBe('word: mine\n');
    });

    test('a directory where nobody may write', async ({ dir, skip }) => {
      if (process.getuid?.() === 0) skip('root may write everywhere');
      project(dir);
      mkdirSync(join(dir, 'locked'));
      chmodSync(join(dir, 'locked'), 0o555);

      const { code, stderr } = await runExp([FILE, '--save-config', 'locked/a.yaml'], { cwd: dir });

      expect(code).toBe(2);
      expect(stderr).toContain('you may not write there');
      rmSync(join(dir, 'locked'), { recursive: true });
    });
  });
});

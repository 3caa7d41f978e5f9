import { lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject } from '../helpers/project.ts';
import { REPO, runExp, type Finished } from '../helpers/run-exp.ts';
import { runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILE = 'configs/main.ts';

/** One command that takes something from every layer there is. */
const LINE = [
  FILE,
  '--sweep',
  '--from',
  'last',
  'with=huge,small.yaml',
  'label=now',
  '--seed',
  '7',
];

const FIXTURE = readFileSync(join(REPO, 'test/fixtures', FILE), 'utf8');

/** Where the fixture defines its experiment. */
const PLACE =
  FIXTURE.split('\n').findIndex((line) => line.startsWith('export default experiment(')) + 1;

const FILES = {
  'base.yaml': '# what small.yaml builds on\noptimizer:\n  kind: adam\n  beta: 0.5\n',
  'small.yaml': 'extends: base.yaml\nweights:\n  dog: 2\noptimizer.beta: 0.7\n',
};

/** Makes a project in which a run has completed; gives the id of the run. */
async function makeLayers(dir: string): Promise<string> {
  makeProject(dir, 'configs');
  mkdirSync(join(dir, 'home'));
  // Before dropout and fails were keys of the config.
  const before = FIXTURE.replaceAll(
    /^ +(dropout|fails): z.*\n|config\.batch >= 64 .*$/gm,
    (_, key) => (key === undefined ? '{};' : ''),
  );
  writeFiles(dir, { ...FILES, [FILE]: before });
  await runIn(dir, FILE, 'batch=64');
  writeFiles(dir, { [FILE]: FIXTURE });
  return basename(runDirs(join(dir, 'runs'), 'configs')[0]!);
}

/** Runs `run-exp` in a project, where everything that it might write comes to lie there too. */
function runIn(dir: string, ...args: string[]): Promise<Finished> {
  const home = join(dir, 'home');
  const env = { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home };
  return runExp(args, { cwd: dir, env });
}

/** Everything below a directory, with its size and the time it was written. */
function listingOf(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .concat(dir)
    .map((path) => {
      const { ino, size, mtimeNs } = lstatSync(path, { bigint: true });
      return `${relative(dir, path)} ${ino} ${size} ${mtimeNs}`;
    })
    .sort();
}

function byKey(
  keys: readonly (Record<string, unknown> & { key: string })[],
): Record<string, Record<string, unknown>> {
  return Object.fromEntries(keys.map(({ key, ...rest }) => [key, rest]));
}

describe('one command that uses all layers', () => {
  test('prints layer and place of every key as JSON, and creates nothing', async ({ dir }) => {
    const earlier = await makeLayers(dir);
    const listing = listingOf(dir);

    const { code, stdout, stderr } = await runIn(dir, ...LINE, '--print-config', '--json');

    expect(listingOf(dir)).toEqual(listing);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const printed = JSON.parse(stdout) as { variants: { variant: object; keys: [] }[] };
    expect(printed.variants.map(({ variant }) => variant)).toEqual([
      { lr: 0.1, epochs: 10 },
      { lr: 0.1, epochs: 20 },
      { lr: 0.2, epochs: 10 },
      { lr: 0.2, epochs: 20 },
    ]);
    const place = { file: join(dir, FILE), line: PLACE };
    const file = (name: string, at: number): object => ({
      layer: 'file',
      file: join(dir, name),
      line: at,
    });
    expect(byKey(printed.variants[3]!.keys)).toEqual({
      lr: {
        value: 0.2,
        default: 0.1,
        change: 'modified',
        type: 'number > 0',
        description: 'learning rate',
        layer: 'variant',
        text: 'lr=0.2',
      },
      epochs: {
        value: 20,
        default: 20,
        type: 'integer > 0',
        layer: 'variant',
        text: 'epochs=20',
      },
      warmup: {
        value: 2,
        default: 2,
        type: 'integer',
        description: 'steps of warm-up',
        layer: 'derived',
        text: 'from epochs',
        ...place,
      },
      dropout: {
        value: 0.5,
        default: 0.1,
        change: 'modified',
        type: 'number',
        layer: 'hook',
        name: 'steady',
        ...place,
      },
      batch: {
        value: 64,
        default: 32,
        change: 'modified',
        type: 'integer',
        layer: 'run',
        name: earlier,
      },
      label: {
        value: 'now',
        default: 'none',
        change: 'modified',
        type: 'text',
        layer: 'override',
        text: 'label=now',
      },
      patience: {
        value: 3,
        type: 'integer',
        layer: 'function',
        name: 'main',
        text: 'patience = 3',
        ...place,
      },
      fails: { value: false, default: false, type: 'boolean', layer: 'default', ...place },
      'net.layers': {
        value: [512, 512],
        default: [64, 32],
        change: 'modified',
        type: 'integer[]',
        description: 'widths',
        layer: 'named',
        name: 'big',
        ...place,
      },
      'net.norm.eps': {
        value: 0.5,
        default: 0.00001,
        change: 'modified',
        type: 'number',
        layer: 'named',
        name: 'huge',
        ...place,
      },
      'weights.cat': { value: 1, default: 1, layer: 'run', name: earlier },
      'weights.dog': { value: 2, change: 'added', ...file('small.yaml', 3) },
      'optimizer.kind': {
        value: 'adam',
        default: 'sgd',
        change: 'modified',
        type: 'sgd | adam',
        ...file('base.yaml', 3),
      },
      'optimizer.beta': {
        value: 0.7,
        change: 'added',
        type: 'number',
        ...file('small.yaml', 4),
      },
      seed: {
        value: 7,
        type: 'integer >= 0',
        description: 'root seed',
        layer: 'override',
        text: '--seed 7',
      },
    });
  });

  test('prints the same as text, and creates nothing', async ({ dir }) => {
    const earlier = await makeLayers(dir);
    const listing = listingOf(dir);

    const { code, stdout } = await runIn(dir, ...LINE, '--print-config');

    expect(listingOf(dir)).toEqual(listing);
    expect(code).toBe(0);
    const place = `${FILE}:${PLACE}`;
    expect(stdout).toBe(`\
configs  sweep of 4 variants

  key             value      default  from                                     description
* lr              0.1 | 0.2  0.1      variant                                  learning rate
* epochs          10 | 20    20       variant
* warmup          1 | 2      2        derived from epochs, ${place}  steps of warm-up
* dropout         0.5        0.1      hook steady, ${place}
* batch           64         32       run ${earlier}
* label           now        none     override label=now
  fails           false               default
* net.layers      [512,512]  [64,32]  named config big, ${place}     widths
* net.norm.eps    0.5        0.00001  named config huge, ${place}
  weights.cat     1                   run ${earlier}
+ weights.dog     2                   file small.yaml:3
* optimizer.kind  adam       sgd      file base.yaml:3
+ optimizer.beta  0.7                 file small.yaml:4
  patience        3                   default of main(patience = 3), ${place}
  seed            7                   override --seed 7                        root seed

variant  lr   epochs  warmup
1        0.1  10      1
2        0.1  20      2
3        0.2  10      1
4        0.2  20      2

against the defaults: + added, * modified
`);
  });

  test('stores the same with every run of the sweep', async ({ dir }) => {
    await makeLayers(dir);
    const { stdout } = await runIn(dir, ...LINE, '--print-config', '--json');
    const { variants } = JSON.parse(stdout) as { variants: { keys: [] }[] };

    const { code } = await runIn(dir, ...LINE);

    expect(code).toBe(0);
    const [, ...runs] = runDirs(join(dir, 'runs'), 'configs');
    const stored = runs.map((run) => {
      const text = readFileSync(join(run, 'config.json'), 'utf8');
      return (JSON.parse(text) as { origins: object }).origins;
    });
    expect(stored).toEqual(
      variants.map(({ keys }) => {
        const origins = Object.entries(byKey(keys)).map(([key, { layer, ...told }]) => {
          const { name, text, file, line } = told;
          return [key, { layer, name, text, file, line }];
        });
        return Object.fromEntries(origins) as object;
      }),
    );
  });
});

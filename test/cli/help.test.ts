import { readdirSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect } from 'vitest';
import { experimentHelp } from '../../src/cli/help-text.ts';
import type { Description } from '../../src/experiment/describe.ts';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

describe('run-exp --help', () => {
  test('names the commands, the flags and how runs are named', async () => {
    const { code, stdout } = await runExp(['--help']);

    expect(code).toBe(0);
    for (const word of [
      'ls',
      'show',
      'logs',
      'ps',
      'stop',
      'slots',
      'doctor',
      '--sweep',
      '--slots',
      '"last"',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  test('fits into 80 columns', async () => {
    const helps = ['', 'resume ', 'extend ', 'slots ', 'doctor ', 'report ', 'fork '];
    const texts = await Promise.all(helps.map((command) => runExp(`${command}--help`.split(' '))));

    const lines = texts.flatMap(({ stdout }) => stdout.split('\n'));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  test('lists every config key of a file with type, default and description', async ({ dir }) => {
    const args = ['examples/digits/main.ts', '--help', '--root', dir];

    const { code, stdout } = await runExp(args);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +lr +number > 0 +0\.01 +learning rate$/m);
    expect(stdout).toMatch(/^ +optimizer +sgd \| adam +adam +how gradients become steps$/m);
    expect(stdout).toMatch(/^ +seed +integer >= 0 +random +root seed$/m);
    expect(stdout).toMatch(/^ +lr=0\.001,0\.01,0\.1$/m);
    expect(stdout).toContain('Usage: run-exp FILE');
    expect(readdirSync(dir)).toEqual([]);
  });

  test('shows what an experiment takes, and creates nothing', async ({ dir }) => {
    makeProject(dir, 'configs');

    const { code, stdout } = await runExp(['configs/main.ts', '--help'], { cwd: dir });

    expect(code).toBe(0);
    expect(stdout.slice(0, stdout.indexOf('Project:'))).toBe(`\
configs

Commands
  main
  evaluate

Config
  key                   type              default     description
  lr                    number > 0        0.1         learning rate
  epochs                integer > 0       20
  warmup                integer           2, derived  steps of warm-up
  dropout               number            0.1
  batch                 integer           32
  label                 text              none
  patience              integer           3, of main
  fails                 boolean           false
  net                                                 the network
    net.layers          integer[]         [64,32]     widths
    net.norm
      net.norm.eps      number            0.00001
  weights               object of number  {"cat":1}
  optimizer
    optimizer.kind      sgd | adam        sgd
    optimizer.momentum  number            0.9         with optimizer.kind=sgd
    optimizer.beta      number            0.99        with optimizer.kind=adam
  seed                  integer >= 0      random      root seed

Named configs  with=name
  big     net.layers=[512,512]
  huge    extends big  net.norm.eps=0.5
  gentle  depends on the config

Hooks  set values in view of the others
  steady

Sweep
  lr=0.1,0.2
  epochs=10,20

Sinks  as the code says
  csv
  not used: jsonl, tensorboard, artifacts, stdout

Set values
  lr=0.1 net.width=64 'layers[0]=3'   a key, a key of a section, a list item
  'layers=[64,32]' 'net={"width":8}'  a whole list; an object, which is merged
  'net:={"width":8}' '~lr'            replace an object; back to the default
  +weights.cat=2                      add a key where the section is open
  prompt=@prompt.txt 'note="a, b"'    read from a file; text with a comma
  with=big,small.yaml                 named configs and config files, in order

Sweep over values  --sweep
  lr=0.1,0.2 'n=range(0,10,2)'        values; 0, 2, 4, 6, 8
  'lr=sort(3,1,2)' 'n=shuffle(1,2)'   in order; in one that the seed decides
  'activation=glob(re*)'              values of an enum; glob(*,exclude=tanh)
  'lr=tag(log,interval(1e-4,1))'      random points, as many as --samples says

`);
    expect(treeOf(dir)).toEqual(['configs', 'configs/main.ts', 'package.json']);
  });

  test('says the same without arguments, as wrong usage', async () => {
    const { code, stderr } = await runExp([]);

    expect(code).toBe(2);
    expect(stderr).toContain('Usage: run-exp FILE');
  });
});

describe('the help of an experiment', () => {
  const description: Description = {
    name: 'chat',
    description: 'Asks a model.',
    keys: [
      {
        path: 'model.prompt',
        type: 'text',
        required: false,
        default: 'Answer in one word, and never say more than that. '.repeat(3),
        description: 'what the model is told before every question it is asked in this run',
      },
      { path: 'data', type: 'text', required: true },
    ],
    sections: [{ path: 'model', description: 'whom to ask', isOpen: true }],
    isOpen: true,
    commands: ['main'],
    sweep: { swept: [], exclude: [] },
    repeats: 1,
    configs: [{ name: 'terse', extends: [], sets: [{ key: '~model.prompt' }] }],
    sinks: { names: ['csv'], by: 'code' },
    otherSinks: [],
    hooks: [],
    derived: {},
    ofFunctions: {},
  };
  const linesAt = (columns: number | undefined): string[] =>
    stripVTControlCharacters(experimentHelp(description, columns)).split('\n');

  test.for([80, 120])('fits into %i columns', (columns) => {
    const lines = linesAt(columns);

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    for (const word of description.keys[0]!.description!.split(' ')) {
      expect(lines.join('\n')).toContain(word);
    }
  });

  test('is not cut without a terminal', () => {
    expect(linesAt(undefined).join('\n')).toContain(String(description.keys[0]!.default));
  });

  test('shows the sweep as the command line spells it', () => {
    const text = stripVTControlCharacters(
      experimentHelp({
        ...description,
        sweep: {
          swept: [
            {
              keys: ['data', 'size'],
              rows: [
                ['a', 1],
                ['b', 2],
              ],
            },
            { key: 'lr', low: 0.1, high: 1, isLog: true, isInteger: false },
          ],
          exclude: [{ data: 'a', lr: 1 }],
        },
        samples: 3,
        repeats: 2,
      }),
    );

    expect(text).toContain(`
Sweep  3 random points, 2 repeats of each variant
  data=a,b with size=1,2
  lr=tag(log,interval(0.1,1))
  without data=a lr=1
`);
  });

  test('says what is required, and where further keys are taken', () => {
    const text = linesAt(undefined).join('\n');

    expect(text).toMatch(/^ {2}model +whom to ask; open: \+key=value adds keys$/m);
    expect(text).toMatch(/^ {2}data +text +required$/m);
    expect(text).toMatch(/^ {2}\+key +any +the config takes further keys$/m);
    expect(text).toMatch(/^ {2}terse +~model\.prompt$/m);
  });
});

import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { loadProject, loadProjectNow } from '../../src/project/load-project.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const JSON_FILE = `{
  "root": "results",
  "sinks": ["csv", "stdout"],
  "track": ["lr"],
  "snapshot": false,
  "tags": true,
  "push": "lab",
  "dropWithoutResults": false,
  "sources": { "backup": true, "ignore": ["*.ckpt", "data/"], "maxFileSize": 5000 }
}
`;

const YAML_FILE = `# for all experiments
root: results
sinks: [csv, stdout]
track:
  - lr
snapshot: false
tags: true
push: lab
dropWithoutResults: false
sources:
  backup: true
  ignore: ['*.ckpt', data/]
  maxFileSize: 5000
`;

const WHOLE = {
  sinks: ['csv', 'stdout'],
  track: ['lr'],
  snapshot: false,
  tagging: { tag: true, push: 'lab' },
  sources: { backup: true, ignore: ['*.ckpt', 'data/'], maxFileSize: 5000 },
};

/** Both ways to load a project, since they must agree. */
const LOADERS = [
  ['waiting', loadProject],
  ['at once', async (from: string) => loadProjectNow(from)],
] as const;

describe.for(LOADERS)('a project loaded %s', ([, load]) => {
  test.for([
    ['json', JSON_FILE],
    ['yaml', YAML_FILE],
    ['yml', YAML_FILE],
    ['mjs', `export default ${JSON_FILE}`],
    ['js', `module.exports = ${JSON_FILE}`],
  ] as const)('has the values of exptools.config.%s', async ([type, text], { dir }) => {
    const name = `exptools.config.${type}`;
    writeFiles(dir, { [name]: text, 'package.json': { type: 'commonjs' } });

    const project = await load(dir);

    expect(project).toEqual({ dir, file: join(dir, name), root: join(dir, 'results'), ...WHOLE });
  });

  test('has defaults for what its file leaves open', async ({ dir }) => {
    writeFiles(dir, { 'exptools.config.json': { sources: { backup: true } } });

    expect(await load(join(dir, 'deep/er'))).toEqual({
      dir,
      file: join(dir, 'exptools.config.json'),
      root: join(dir, 'runs'),
      track: [],
      snapshot: true,
      tagging: {},
      sources: { backup: true, ignore: [], maxFileSize: 1_000_000 },
    });
  });

  test('has defaults without any file', async ({ dir }) => {
    writeFiles(dir, { 'package.json': {} });

    expect(await load(dir)).toEqual({
      dir,
      root: join(dir, 'runs'),
      track: [],
      snapshot: true,
      tagging: {},
      sources: { ignore: [], maxFileSize: 1_000_000 },
    });
  });

  test('has defaults for an empty YAML file, which marks the directory', async ({ dir }) => {
    writeFiles(dir, { 'exptools.config.yaml': '# nothing yet\n', 'in/package.json': {} });

    expect(await load(join(dir, 'in'))).toMatchObject({ dir, root: join(dir, 'runs') });
  });

  test('takes an absolute run root', async ({ dir }) => {
    writeFiles(dir, { 'exptools.config.json': { root: '/scratch/runs' } });

    expect((await load(dir)).root).toBe('/scratch/runs');
  });

  test('takes sink objects from code, with methods in a class too', async ({ dir }) => {
    writeFiles(dir, {
      'exptools.config.mjs': `
        class Mine { name = 'mine'; open() { return { write() {} }; } }
        export default { sinks: ['csv', new Mine()] };`,
    });

    const { sinks } = await load(dir);

    expect(sinks).toEqual(['csv', expect.objectContaining({ name: 'mine' })]);
  });

  test.for<[string, string, number | undefined, string]>([
    ['root: 5', 'yaml', 1, '"root" must be a path, relative to the project file, got 5.'],
    ['root: " "', 'yaml', 1, '"root" must be a path, relative to the project file, got " ".'],
    [
      'a: 1',
      'yaml',
      1,
      '"a" is unknown, got 1. Known: root, sinks, flushInterval, systemMetrics, checkpoint, grace,',
    ],
    ['root: x\ntrak: [lr]', 'yaml', 2, '"trak" is unknown, got ["lr"]. Did you mean "track"?'],
    ['sinks: csv', 'yaml', 1, '"sinks" must be a list, got "csv".'],
    [
      'sinks:\n  - csv\n  - csw',
      'yaml',
      3,
      '"sinks[1]" must be the name of a sink, or a sink, got "csw". Did you mean "csv"?',
    ],
    [
      'sinks:\n  - { name: stdout, digits: 0 }',
      'yaml',
      2,
      '"sinks[0].digits" must be a number of digits from 1 to 15, got 0.',
    ],
    [
      'sinks:\n  - { name: stdout, everyMS: 5 }',
      'yaml',
      2,
      '"sinks[0].everyMS" is unknown, got 5. Did you mean "everyMs"?',
    ],
    [
      'systemMetrics: 5',
      'yaml',
      1,
      '"systemMetrics" must be true, false or an object with every, got 5.',
    ],
    [
      'systemMetrics:\n  every: 0',
      'yaml',
      2,
      '"systemMetrics.every" must be a number of seconds, at least 0.1, got 0.',
    ],
    [
      'track:\n- lr\n- 3',
      'yaml',
      3,
      '"track[1]" must be a key of a config, such as "train.lr", got 3.',
    ],
    [
      'sources: true',
      'yaml',
      1,
      '"sources" must be an object with backup, ignore, maxFileSize, got true.',
    ],
    [
      'root: x\nafter: [echo, "{nope}"]',
      'yaml',
      2,
      '"after" cannot be filled in: Nothing is called "nope", as in "{nope}".',
    ],
    ['sources:\n  backup: "yes"', 'yaml', 2, '"sources.backup" must be true or false, got "yes".'],
    [
      'sources:\n  bakcup: true',
      'yaml',
      2,
      '"sources.bakcup" is unknown, got true. Did you mean "backup"?',
    ],
    [
      'sources:\n  maxFileSize: 0',
      'yaml',
      2,
      '"sources.maxFileSize" must be a number of bytes above 0, got 0.',
    ],
    [
      'sources:\n  maxFileSize: 1MB',
      'yaml',
      2,
      '"sources.maxFileSize" must be a number of bytes above 0, got "1MB".',
    ],
    ['sources:\n  ignore: data/', 'yaml', 2, '"sources.ignore" must be a list, got "data/".'],
    [
      '- root',
      'yaml',
      1,
      'its content must be an object with root, sinks, flushInterval, systemMetrics, checkpoint, grace, before, after, onFailure, hookTimeout, track, environment, snapshot, tags, push, dropWithoutResults, sources, got ["root"].',
    ],
    ['root: a\nroot: b', 'yaml', 2, 'Map keys must be unique'],
    ['root: "a', 'yaml', 1, 'Missing closing "quote'],
    ['{\n  "root": "a",\n}', 'json', 3, ''],
    ['{ root: "a" }', 'json', 1, ''],
    ['{\n  "root": 7\n}', 'json', 2, '"root" must be a path, relative to the project file, got 7.'],
    ['', 'json', 1, 'Unexpected end of JSON input'],
    [
      'export default { root: 7 }',
      'mjs',
      undefined,
      '"root" must be a path, relative to the project file, got 7.',
    ],
    [
      'export default () => 1',
      'mjs',
      undefined,
      'its content must be an object with root, sinks, flushInterval, systemMetrics, checkpoint, grace, before, after, onFailure, hookTimeout, track, environment, snapshot, tags, push, dropWithoutResults, sources, got a function.',
    ],
    [
      'export default { sinks: [{ name: "x" }] }',
      'mjs',
      undefined,
      '"sinks[0]" must be the name of a sink, or a sink, got {"name":"x"}.',
    ],
  ])('refuses %j as %s', async ([text, type, line, says], { dir }) => {
    writeFiles(dir, { [`exptools.config.${type}`]: text });
    const place = join(dir, `exptools.config.${type}`) + (line === undefined ? '' : `:${line}`);

    await expect(load(dir)).rejects.toMatchObject({
      code: 'EXP_CONFIG',
      message: expect.stringContaining(`${place}: ${says}`),
    });
  });

  test('names every problem on a line of its own', async ({ dir }) => {
    writeFiles(dir, { 'exptools.config.yaml': 'root: 1\ntrack: lr\nsources: {backup: 1}\n' });

    await expect(load(dir)).rejects.toThrow(
      /:1: "root" .*\n.*:2: "track" .*\n.*:3: "sources.backup"/,
    );
  });

  test.for([
    ['throw new Error("boom")', /Cannot load the project file ".*mjs": boom\n {2}at .*mjs:1$/],
    ['import "./gone.js"', /Cannot load the project file ".*mjs": Cannot find module/],
    ['export const root = "runs"', /".*mjs" has no default export\. Write: export default/],
  ] as const)('says why %j does not load', async ([text, says], { dir }) => {
    writeFiles(dir, { 'exptools.config.mjs': text });

    await expect(load(dir)).rejects.toMatchObject({
      code: 'EXP_CONFIG',
      message: expect.stringMatching(says),
    });
  });
});

describe('loadProjectNow', () => {
  test('names the ways out where a project file takes time to load', ({ dir }) => {
    writeFiles(dir, { 'exptools.config.mjs': 'export default await Promise.resolve({})' });

    expect(() => loadProjectNow(dir)).toThrow(
      /Cannot load .*\nHere it must be loaded without waiting.*function.*exptools\/register.*YAML or JSON/s,
    );
  });

  test('takes a file that was loaded before', async ({ dir }) => {
    const text = 'export default await Promise.resolve({ root: "late" })';
    writeFiles(dir, { 'exptools.config.mjs': text });

    await loadProject(dir);

    expect(loadProjectNow(dir).root).toBe(join(dir, 'late'));
  });
});

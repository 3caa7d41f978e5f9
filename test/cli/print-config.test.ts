import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { REPO, runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const FILE = 'configs/main.ts';

/** The line of the fixture that says what. */
function lineOf(what: string): number {
  const text = readFileSync(join(REPO, 'test/fixtures', FILE), 'utf8');
  return text.split('\n').findIndex((line) => line.includes(what)) + 1;
}

type Keys = Record<string, Record<string, unknown>>;

function byKey(keys: readonly (Record<string, unknown> & { key: string })[]): Keys {
  return Object.fromEntries(keys.map(({ key, ...rest }) => [key, rest]));
}

describe('run-exp FILE --print-config', () => {
  test('says what unset a value, and that a seed is random', async ({ dir }) => {
    makeProject(dir, 'configs');

    const line = [FILE, 'label=mine', '~label', '--print-config', '--json'];
    const { stdout } = await runExp(line, { cwd: dir });

    const keys = byKey((JSON.parse(stdout) as { keys: [] }).keys);
    expect(keys['label']).toMatchObject({ value: 'none', layer: 'default', text: '~label' });
    expect(keys['seed']).toMatchObject({ value: 'random', layer: 'seed' });
  });

  test('marks what differs from the defaults', async ({ dir }) => {
    makeProject(dir, 'configs');

    const line = [FILE, 'evaluate', 'epochs=40', '+weights.dog=2', 'label=@@me', '--seed', '3'];
    const { stdout } = await runExp([...line, '--print-config'], { cwd: dir });

    const code = `${FILE}:${lineOf('export default experiment(')}`;
    expect(stdout).toBe(`\
configs  evaluate

  key                 value    default  from                                     description
  lr                  0.1               default                                  learning rate
* epochs              40       20       override epochs=40
* warmup              4        2        derived from epochs, ${code}  steps of warm-up
  dropout             0.1               default
  batch               32                default
* label               @me      none     override label=@@me
  fails               false             default
  net.layers          [64,32]           default                                  widths
  net.norm.eps        0.00001           default
  weights.cat         1                 default
+ weights.dog         2                 override +weights.dog=2
  optimizer.kind      sgd               default
  optimizer.momentum  0.9               default
  seed                3                 override --seed 3                        root seed

against the defaults: + added, * modified
`);
  });

  test('marks values of another type, and colours the marks on a terminal', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, {
      'main.ts': `import { experiment } from 'exptools';
        import { z } from 'zod';
        const limit = z.union([z.number(), z.literal('auto')]).default('auto');
        const config = z.object({ limit, size: z.int().default(1), open: z.looseObject({}) });
        export default experiment({ name: 'marks', config }, () => {});`,
    });
    const line = ['main.ts', 'limit=3', 'size=2', '+open.x=1', '--print-config'];

    const plain = await runExp(line, { cwd: dir });
    const coloured = await runExp(line, { cwd: dir, env: { NO_COLOR: '', FORCE_COLOR: '1' } });

    const columns = plain.stdout.replaceAll(/ {2,}/g, ' | ').split('\n');
    expect(columns).toContain('! limit | 3 | auto | override limit=3');
    expect(columns.at(-2)).toBe('against the defaults: + added, * modified, ! of another type');
    expect(plain.stdout).not.toContain('\u001b');
    expect(stripVTControlCharacters(coloured.stdout)).toBe(plain.stdout);
    for (const mark of ['\u001b[31m!', '\u001b[34m*', '\u001b[32m+']) {
      expect(coloured.stdout).toContain(mark);
    }
    expect(treeOf(dir)).toEqual(['main.ts', 'package.json']);
  });

  test('shows what variants share once, and then each of them on a line', async ({ dir }) => {
    makeProject(dir, 'configs');

    const { stdout } = await runExp([FILE, '--sweep', '--print-config'], { cwd: dir });

    expect(stdout).toMatch(/^configs {2}sweep of 4 variants$/m);
    expect(stdout).toMatch(/^\* lr +0\.1 \| 0\.2 +0\.1 +variant +learning rate$/m);
    expect(stdout.match(/^ {2}batch/gm)).toHaveLength(1);
    expect(stdout).toContain(`
variant  lr   epochs  warmup
1        0.1  10      1
2        0.1  20      2
3        0.2  10      1
4        0.2  20      2
`);
    expect(treeOf(dir)).toEqual(['configs', FILE, 'package.json']);
  });

  test('compares values with defaults before the schema transforms them', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, {
      'main.ts': `import { experiment } from 'exptools';
        import { z } from 'zod';
        const size = z.string().default('3 MB').transform((text) => Number.parseInt(text));
        const config = z.object({ size, rate: z.string().default('5%').transform(parseInt) });
        export default experiment({ name: 'sizes', config }, () => {});`,
    });

    const { stdout } = await runExp(['main.ts', 'size=4 MB', '--print-config'], { cwd: dir });

    expect(stdout).toMatch(/^\* size +4 +3 MB +override size=4 MB$/m);
    expect(stdout).toMatch(/^ {2}rate +5 +default$/m);
  });

  test('refuses a config that the schema refuses, with exit code 2', async ({ dir }) => {
    makeProject(dir, 'configs');

    const { code, stdout, stderr } = await runExp([FILE, 'lr=-1', '--print-config'], { cwd: dir });

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Config "lr": Too small: expected number to be >0, got -1');
  });
});

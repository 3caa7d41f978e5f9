import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, start } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';
import { NODE_MAJORS, nodeBinary } from '../setup/tool-paths.ts';

const MAIN = `
import { experiment, logger } from 'exptools';
import { z } from 'zod';

const config = z.object({ lr: z.number().default(0.5), net: z.object({ size: z.int().default(3) }).prefault({}) });
export default experiment({ name: 'plain', config }, (run) => {
  logger.log({ loss: 1 });
  return run.config.lr;
});
`;

/** With sinks and tracked keys of its own. */
const OWN = MAIN.replace("'plain', config", "'own', config, sinks: ['csv'], track: []");

/** A sink of the user's in a module of its own, in syntax that only a loader understands. */
const SINK = `
import type { Sink } from 'exptools';
enum Name { Steps = 'steps' }
export const steps: Sink = {
  name: Name.Steps,
  open: () => ({ file: 'steps.txt', encode: (rows) => ({ append: rows.map((row) => row.step + ';').join('') }) }),
};
`;

const CONFIG = `
import type { ProjectConfig } from 'exptools';
import { steps } from './sinks/steps.js';

enum Root { Path = 'results' }
export default { root: Root.Path, sinks: ['csv', steps], track: ['net.size', 'lr', 'nope'] } satisfies ProjectConfig;
`;

/** Two packages below one project file. */
function monorepo(dir: string, files: Record<string, string | object> = {}): void {
  makeProject(dir);
  writeFiles(dir, {
    'exptools.config.ts': CONFIG,
    'sinks/steps.ts': SINK,
    'packages/a/package.json': { type: 'module' },
    'packages/a/main.ts': MAIN,
    'packages/a/own.ts': OWN,
    'packages/b/package.json': { type: 'commonjs' },
    ...files,
  });
}

describe('a project file in TypeScript', () => {
  test.for(['module', 'commonjs'])(
    'sets what holds below it, seen from anywhere, in a package of type %s',
    async (type, { dir }) => {
      monorepo(dir, { 'package.json': { type } });

      const { code, stderr } = await runExp([join(dir, 'packages/a/main.ts'), 'lr=0.1'], {
        cwd: '/',
      });

      expect([code, stderr]).toEqual([0, expect.stringContaining('completed')]);
      const [run] = runDirs(join(dir, 'results'), 'plain');
      expect(basename(run!)).toMatch(/^[\d-]+_net\.size=3_lr=0\.1_\w+$/);
      expect(manifestOf(run!)['sinks']).toEqual(['csv', 'steps']);
      expect(readFileSync(join(run!, 'steps.txt'), 'utf8')).toBe('0;');
      expect(stderr).toContain(`--root ${join(dir, 'results').slice(1)}`);
    },
  );

  test('leaves an experiment what it names itself', async ({ dir }) => {
    monorepo(dir);

    await runExp(['packages/a/own.ts'], { cwd: dir });

    const [run] = runDirs(join(dir, 'results'), 'own');
    expect(manifestOf(run!)['sinks']).toEqual(['csv']);
    expect(basename(run!)).toMatch(/^[\d-]+_\w{6}$/);
  });

  test('gives way to flags, which may name its sinks', async ({ dir }) => {
    monorepo(dir);
    const flags = ['--root', 'other', '--sinks', 'steps'];

    await runExp(['packages/a/own.ts', ...flags], { cwd: dir });

    const [run] = runDirs(join(dir, 'other'), 'own');
    expect(manifestOf(run!)['sinks']).toEqual(['steps']);
    expect(existsSync(join(run!, 'steps.txt'))).toBe(true);
    expect(existsSync(join(dir, 'results'))).toBe(false);
  });

  test('holds for sweeps', async ({ dir }) => {
    monorepo(dir);

    const { code } = await runExp(['packages/a/main.ts', '--sweep', 'lr=1,2'], { cwd: dir });

    expect(code).toBe(0);
    expect(runDirs(join(dir, 'results'), 'plain').map((run) => treeOf(run))).toEqual(
      Array(2).fill(expect.arrayContaining(['progress.csv', 'steps.txt'])),
    );
  });

  test('tells the commands that look back where runs are', async ({ dir }) => {
    monorepo(dir);
    await runExp(['packages/a/main.ts'], { cwd: dir });
    const cwd = join(dir, 'packages/b');

    const looks = await Promise.all(
      [['ls', '--json'], ['show', 'last'], ['logs', 'last'], ['ps']].map((args) =>
        runExp(args, { cwd }),
      ),
    );

    expect(looks.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(JSON.parse(looks[0]!.stdout)).toHaveLength(1);
    expect(looks[3]!.stderr).toContain(join(dir, 'results'));
    const stopped = await runExp(['stop', 'last'], { cwd });
    expect(stopped).toMatchObject({ code: 2, stderr: expect.stringContaining('is not running') });
  });

  test('is shown by --help, which creates nothing', async ({ dir }) => {
    monorepo(dir);
    const before = treeOf(dir);

    const { stdout } = await runExp(['packages/a/main.ts', '--help'], { cwd: dir });

    expect(stdout).toContain('Project: exptools.config.ts; runs are kept in results\n');
    expect(treeOf(dir)).toEqual(before);
  });

  const CODE = `
    import { openRun } from 'exptools';
    import plain from './main.js';

    const run = await plain.run({ lr: 7 });
    const inside = await openRun({ name: 'inside', config: { lr: 1 } }, () => {});
    await using open = await openRun({ name: 'bare', config: { lr: 2 } });
    for (const { dir } of [run, inside, open]) console.log(dir);`;

  describe('in code', () => {
    const missing = inject('missingTools');

    test.for(NODE_MAJORS)(
      'holds under exptools/register on Node %d',
      async (major, { dir, skip }) => {
        skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
        monorepo(dir, { 'packages/a/code.ts': CODE });
        const file = join(dir, 'packages/a/code.ts');

        const { code, stdout, stderr } = await start(
          nodeBinary(major),
          ['--import', join(dir, 'node_modules/exptools/dist/src/register.js'), file],
          { cwd: '/' },
        ).finished;

        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
        const runs = stdout.trimEnd().split('\n');
        expect(runs.map((run) => run.slice(join(dir, 'results/').length))).toEqual([
          expect.stringMatching(/^plain\/.*_net\.size=3_lr=7_/),
          expect.stringMatching(/^inside\/.*_lr=1_/),
          expect.stringMatching(/^bare\/.*_lr=2_/),
        ]);
        expect(runs.map((run) => manifestOf(run)['sinks'])).toEqual(
          runs.map(() => ['csv', 'steps']),
        );
      },
    );

    test.for(NODE_MAJORS)('is loaded without a loader on Node %d', async (major, { dir, skip }) => {
      skip(missing[`node-${major}`] !== undefined, missing[`node-${major}`]);
      monorepo(dir, {
        'waits.mjs': `
          import { openRun } from 'exptools';
          await openRun({ name: 'waits' }, () => {});
          const bare = await openRun({ name: 'bare' });
          await bare.close();`,
        'bare.mjs': "import { openRun } from 'exptools';\nawait openRun({ name: 'bare' });",
      });
      const node = (file: string) => start(nodeBinary(major), [join(dir, file)]).finished;

      const waits = await node('waits.mjs');
      const before = treeOf(dir);
      const bare = await node('bare.mjs');

      expect([waits.code, waits.stderr]).toEqual([0, '']);
      expect(readdirSync(join(dir, 'results')).sort()).toEqual(['bare', 'waits']);
      expect(bare.code).toBe(1);
      expect(bare.stderr).toMatch(
        /Cannot load the project file ".*exptools\.config\.ts".*\n(.*\n)*.*openRun has no function/,
      );
      expect(treeOf(dir)).toEqual(before);
    });
  });

  test.for([
    ['export default { root: 5 }', '"root" must be a path, relative to the project file, got 5.'],
    ['export default { rout: "a" }', '"rout" is unknown, got "a". Did you mean "root"?'],
    ['export const root = "a"', 'has no default export'],
    ['export default {', 'Cannot load the project file'],
    ['throw new Error("boom")', 'boom\n  at '],
    ['import "./gone.js"', 'gone.js'],
  ] as const)('that says %j is refused by every command', async ([text, says], { dir }) => {
    monorepo(dir, { 'exptools.config.ts': text });
    const before = treeOf(dir);

    const ends = await Promise.all(
      [['packages/a/main.ts'], ['packages/a/main.ts', '--help'], ['ls']].map((args) =>
        runExp(args, { cwd: dir }),
      ),
    );

    for (const { code, stdout, stderr } of ends) {
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(says)]);
      expect(stderr).toContain(join(dir, 'exptools.config.ts'));
    }
    expect(treeOf(dir)).toEqual(before);
  });
});

describe('a project file', () => {
  test.for(['no-enable-source-maps', 'enable-source-maps'])(
    'is that of the calling code, under --%s',
    async (flag, { dir }) => {
      makeProject(dir);
      writeFiles(dir, {
        'exptools.config.yaml': 'root: results',
        'deep/code.mjs': `
        import { openRun } from 'exptools';
        await openRun({ name: 'plain', sinks: [] }, () => {});`,
      });

      const { code } = await start(process.execPath, [`--${flag}`, join(dir, 'deep/code.mjs')])
        .finished;

      expect(code).toBe(0);
      expect(runDirs(join(dir, 'results'), 'plain')).toHaveLength(1);
    },
  );

  test('that is broken does not hinder a command with a root', async ({ dir }) => {
    monorepo(dir, { 'exptools.config.ts': 'export default 7' });

    const { code } = await runExp(['ls', '--root', 'elsewhere'], { cwd: dir });

    expect(code).toBe(0);
  });

  test('in the current directory is no matter of a run elsewhere', async ({ dir }) => {
    mkdirSync(join(dir, 'here'));
    mkdirSync(join(dir, 'there'));
    monorepo(join(dir, 'there'));
    writeFiles(dir, { 'here/exptools.config.yaml': 'root: 7' });

    const { code, stderr } = await runExp(['../there/packages/a/main.ts'], {
      cwd: join(dir, 'here'),
    });

    expect(code).toBe(0);
    expect(stderr).toContain('--root ../there/results');
  });

  test('beside another one is refused with both names', async ({ dir }) => {
    monorepo(dir, { 'exptools.config.yaml': 'root: a' });

    const { code, stderr } = await runExp(['packages/a/main.ts'], { cwd: dir });

    expect(code).toBe(2);
    expect(stderr).toMatch(/exptools\.config\.ts" and ".*exptools\.config\.yaml"/);
  });
});

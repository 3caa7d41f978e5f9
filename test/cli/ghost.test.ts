import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { logger, openRun, runExperiment, type Sink } from '../../src/index.ts';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { memorySink } from '../../src/testing.ts';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, start, startRunExp, type SpawnOptions } from '../helpers/run-exp.ts';
import { runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

/** A project whose run writes into its directory, and starts another run inside of itself. */
const MAIN = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { experiment, logger } from 'exptools';
import { z } from 'zod';
const config = z.object({ lr: z.number().default(0.1), fails: z.boolean().default(false), exits: z.boolean().default(false) });
export const inner = experiment({ name: 'inner', sinks: ['csv', 'stdout'] }, () => logger.log({ inside: 1 }));
export default experiment({ name: 'outer', config, sweep: { lr: [0.1, 0.2] } }, async (run) => {
  writeFileSync(join(run.dir, 'mine.txt'), 'mine');
  console.log('the directory is', run.dir, run.ghost);
  logger.log({ loss: run.config.lr });
  await inner.run();
  if (run.config.exits) process.exit(3);
  if (run.config.fails) throw new Error('it fails');
  return { loss: run.config.lr };
});
`;

function makeHaunted(dir: string): readonly string[] {
  makeProject(dir);
  writeFiles(dir, {
    'main.ts': MAIN,
    'exptools.config.json': { sources: { backup: true } },
    'tmp/keep': '',
  });
  return treeOf(dir);
}

/** Options with a folder for temporary files that nobody else uses. */
function at(dir: string, env: NodeJS.ProcessEnv = {}): SpawnOptions {
  return { cwd: dir, env: { TMPDIR: join(dir, 'tmp'), ...env } };
}

const GHOST = ['main.ts', '--experiment', 'outer', '--ghost'];

describe('run-exp --ghost', () => {
  test('runs as usual and leaves nothing behind', async ({ dir }) => {
    const before = makeHaunted(dir);

    const { code, stdout, stderr } = await runExp(GHOST, at(dir));

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('completed') });
    expect(stdout).toContain('loss 0.1');
    expect(stdout).toContain('inside 1');
    expect(stdout).toMatch(/the directory is .*\/tmp\/exptools-ghost-.*\/outer\/.* true/);
    expect(stderr).toContain('ghost  nothing is kept; run.dir is removed at the end\n');
    expect(stderr).not.toContain('next');
    expect(treeOf(dir)).toEqual(before);
  });

  test.for([
    ['fails', 'fails=true', 1],
    ['ends its process', 'exits=true', 1],
  ] as const)('leaves nothing of a run that %s', async ([, override, expected], { dir }) => {
    const before = makeHaunted(dir);

    const { code } = await runExp([...GHOST, override], at(dir));

    expect(code).toBe(expected);
    expect(treeOf(dir)).toEqual(before);
  });

  test('runs whole sweeps, and reports them', async ({ dir }) => {
    const before = makeHaunted(dir);

    const { code, stdout } = await runExp([...GHOST, '--sweep'], at(dir));

    expect(code).toBe(0);
    expect(stdout).toMatch(/^lr .*loss/m);
    expect(stdout).not.toContain('exptools-ghost-');
    expect(treeOf(dir)).toEqual(before);
  });

  test('still knows earlier runs', async ({ dir }) => {
    makeHaunted(dir);
    await runExp(['main.ts', '--experiment', 'outer', '--seed', '7'], at(dir));
    const before = treeOf(dir);
    const [run] = runDirs(join(dir, 'runs'), 'outer');
    const { stderr: skipped } = await runExp([...GHOST, '--skip-existing', '--seed', '7'], at(dir));
    const { code, stderr } = await runExp([...GHOST, '--from', run!], at(dir));

    expect(skipped).toContain('skipped');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(treeOf(dir)).toEqual(before);
  });

  test('leaves nothing when it is interrupted', async ({ dir }) => {
    const before = makeHaunted(dir);
    writeFileSync(
      join(dir, 'main.ts'),
      MAIN.replace(
        'await inner.run();',
        "console.log('stays'); await new Promise(() => setInterval(() => {}, 1e3));",
      ),
    );
    const started = startRunExp(GHOST, at(dir));
    await started.until(/stays/);

    started.child.kill('SIGINT');
    const { code } = await started.finished;

    expect(code).toBe(130);
    expect(treeOf(dir)).toEqual(before);
  });

  test('is what EXP_GHOST=1 asks for, also without run-exp', async ({ dir }) => {
    const before = makeHaunted(dir);
    const env = { EXP_GHOST: '1' };

    const byRunExp = await runExp(GHOST.slice(0, -1), at(dir, env));
    const args = ['--import', 'exptools/register', ...GHOST.slice(0, -1)];
    const directly = await start(process.execPath, args, at(dir, env)).finished;

    expect([byRunExp.code, directly.code]).toEqual([0, 0]);
    expect(directly.stderr).toContain('Ghost mode: nothing of this run is kept.');
    expect(treeOf(dir)).toEqual(before);
  });
});

/** A test with a folder for temporary files that nobody else uses, given as `temporary`. */
const testAlone = test.extend<{ temporary: string }>({
  temporary: async ({ dir }, use) => {
    const temporary = mkdtempSync(`${dir}-tmp-`);
    vi.stubEnv('TMPDIR', temporary);
    await use(temporary);
    vi.unstubAllEnvs();
    rmSync(temporary, { recursive: true });
  },
});

describe('ghost: true', () => {
  const ghost = true;

  testAlone('keeps nothing of a run from code, but tells its sinks', async ({ dir, temporary }) => {
    const sink = memorySink();
    let written = '';
    const experiment = defineExperiment({ name: 'from-code', sinks: ['csv', sink] }, (run) => {
      expect(run.dir.startsWith(temporary)).toBe(true);
      writeFileSync(join(run.dir, 'mine.txt'), 'mine');
      written = readFileSync(join(run.dir, 'mine.txt'), 'utf8');
      logger.log({ loss: 1 });
    });

    const run = await runExperiment(experiment, {}, { root: dir, ghost });

    expect(run.status).toBe('completed');
    expect(run.summary).toEqual({ loss: 1 });
    expect(written).toBe('mine');
    expect(sink.table()).toEqual([{ step: 0, loss: 1 }]);
    expect(readdirSync(dir)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  });

  testAlone(
    'keeps nothing of an opened run, nor of a run inside of it',
    async ({ dir, temporary }) => {
      {
        await using run = await openRun({ name: 'opened', root: dir, ghost, sinks: ['csv'] });
        logger.log({ loss: 1 });
        const inner = await openRun({ name: 'inner', root: dir, sinks: ['csv'] }, () => {});
        expect([run.ghost, inner.ghost]).toEqual([true, true]);
      }

      expect(readdirSync(dir)).toEqual([]);
      expect(readdirSync(temporary)).toEqual([]);
    },
  );

  test('opens sinks that write files, and gives them nothing to write', async ({ dir }) => {
    let opened = 0;
    // What a sink throws never reaches the run, so that it has to be counted.
    let encoded = 0;
    const own: Sink = {
      name: 'own',
      open: () => ({
        file: `own-${++opened}.txt`,
        encode: (rows) => ({ append: `${(encoded += rows.length)}` }),
      }),
    };

    await openRun({ name: 'files', root: dir, ghost, sinks: [own] }, () => logger.log({ x: 1 }));

    expect([opened, encoded]).toEqual([1, 0]);
  });

  testAlone('keeps nothing of a run that cannot start', async ({ dir, temporary }) => {
    const broken: Sink = {
      name: 'broken',
      open() {
        throw new Error('no connection');
      },
    };

    const run = openRun({ name: 'broken', root: dir, ghost, sinks: [broken] });

    await expect(run).rejects.toThrow('The broken sink cannot open: no connection');
    expect(readdirSync(temporary)).toEqual([]);
  });
});

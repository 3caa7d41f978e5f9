import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logger, openRun, captured, inject } from '../../src/index.ts';
import { REPO, start } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

describe('openRun', () => {
  test('makes a run of a block: directory, config, rows, status', async ({ dir }) => {
    let run;
    {
      await using opened = await openRun({ name: 'plain', config: { lr: 0.1 }, root: dir });
      run = opened;
      logger.log({ loss: 1 });
      opened.result = { loss: 1 };
    }

    expect(manifestOf(run.dir)).toMatchObject({
      status: 'completed',
      result: { loss: 1 },
      sinks: ['csv', 'tensorboard', 'artifacts', 'stdout'],
    });
    expect(progressOf(run.dir)).toMatchObject([{ step: '0', loss: '1' }]);
    expect(existsSync(join(run.dir, 'config.json'))).toBe(true);
  });

  test('serves captured functions and freezes the config at every depth', async ({ dir }) => {
    const rate = captured((lr: number = inject()) => lr);
    await using run = await openRun({
      name: 'plain',
      config: { lr: 0.1, net: { sizes: [1, 2] } },
      root: dir,
      sinks: [],
    });

    expect(rate()).toBe(0.1);
    expect(() => ((run.config.net.sizes as number[])[0] = 9)).toThrow(
      'Config key "net.sizes[0]" is read-only',
    );
  });

  test('leaves no run behind in the scope of whoever opened it', async ({ dir }) => {
    const open = async (name: string): Promise<string> => {
      await using run = await openRun({ name, root: dir, sinks: ['csv'] });
      await Promise.resolve();
      logger.log({ [name]: 1 });
      return run.dir;
    };

    const dirs = await Promise.all([open('first'), open('second')]);
    logger.log({ nobody: 1 });

    expect(dirs.map((at) => Object.keys(progressOf(at)[0]!).at(-1))).toEqual(['first', 'second']);
  });

  test('is failed by an error that leaves the block and nobody catches', async ({ dir }) => {
    const program = `
      import { logger, openRun } from ${JSON.stringify(join(REPO, 'dist/src/index.js'))};
      const run = await openRun({ name: 'plain', root: ${JSON.stringify(dir)}, sinks: ['csv'] });
      try {
        logger.log({ loss: 1 });
        throw new Error('out of paper');
      } finally {
        await run[Symbol.asyncDispose]();
      }`;

    const { code } = await start(process.execPath, ['--input-type=module', '-e', program]).finished;

    const [run] = runDirs(dir, 'plain');
    expect(code).toBe(1);
    expect(manifestOf(run!)).toMatchObject({
      status: 'failed',
      error: { message: 'out of paper' },
    });
    expect(progressOf(run!)).toHaveLength(1);
  });

  test.for([
    { title: 'catches the error and exits with 1', ending: 'process.exit(1)' },
    { title: 'catches the error and sets the exit code', ending: 'process.exitCode = 1' },
  ])('is failed by a program that $title', async ({ ending }, { dir }) => {
    const program = `
      import { openRun } from ${JSON.stringify(join(REPO, 'dist/src/index.js'))};
      async function main() {
        const run = await openRun({ name: 'plain', root: ${JSON.stringify(dir)}, sinks: ['csv'] });
        try {
          throw new Error('out of paper');
        } finally {
          await run.close();
        }
      }
      main().catch(() => { ${ending}; });`;

    const { code } = await start(process.execPath, ['--input-type=module', '-e', program]).finished;

    expect(code).toBe(1);
    expect(manifestOf(runDirs(dir, 'plain')[0]!)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining('exit code 1') as unknown },
    });
  });

  test('has its end recorded at exit, though that of another run cannot be', async ({ dir }) => {
    const program = `
      import { rmSync } from 'node:fs';
      import { logger, openRun } from ${JSON.stringify(join(REPO, 'dist/src/index.js'))};
      const root = ${JSON.stringify(dir)};
      const gone = await openRun({ name: 'gone', root, sinks: [] });
      await openRun({ name: 'plain', root, sinks: ['csv'] });
      logger.log({ loss: 1 });
      rmSync(gone.dir, { recursive: true });`;

    const { stderr } = await start(process.execPath, ['--input-type=module', '-e', program])
      .finished;

    const [run] = runDirs(dir, 'plain');
    expect(stderr).toContain('the end of a run is not recorded');
    expect(manifestOf(run!)).toMatchObject({ status: 'completed' });
    expect(progressOf(run!)).toHaveLength(1);
  });

  test('may be closed twice at once', async ({ dir }) => {
    const run = await openRun({ name: 'plain', root: dir, sinks: ['csv', 'tensorboard'] });
    logger.log({ loss: 1 });

    await Promise.all([run.close(), run.close()]);

    expect(manifestOf(run.dir)).toMatchObject({ status: 'completed' });
    expect(manifestOf(run.dir)).not.toHaveProperty('degraded');
  });

  test.for(['abc', '', -1, 1.5, Number.NaN])('refuses the seed %j', async (seed, { dir }) => {
    await expect(openRun({ name: 'plain', root: dir, seed: seed as number })).rejects.toThrow(
      /A seed must be a whole number from 0/,
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  test.for(['sweeps', '', '../up', 'a/b', '.hidden'])(
    'refuses the name "%s"',
    async (name, { dir }) => {
      await expect(openRun({ name, root: dir })).rejects.toThrow(/cannot name an experiment/);
      expect(readdirSync(dir)).toEqual([]);
    },
  );
});

describe('openRun with a function', () => {
  test('is the run of what happens inside, wherever it stands', async ({ dir }) => {
    const work = async (name: string): Promise<string> => {
      const run = await openRun({ name, root: dir, sinks: ['csv'] }, async () => {
        await Promise.resolve();
        logger.log({ [name]: 1 });
        return { name };
      });
      return run.dir;
    };

    const both = Promise.all([work('first'), work('second')]);
    logger.log({ stray: 1 });

    for (const at of await both) {
      const { experiment, result } = manifestOf(at);
      expect(result).toEqual({ name: experiment });
      expect(Object.keys(progressOf(at)[0]!).slice(3)).toEqual([experiment]);
    }
  });

  test('is failed by an error, which is passed on', async ({ dir }) => {
    const failing = openRun({ name: 'plain', root: dir, sinks: [] }, () => {
      throw new TypeError('no such layer');
    });

    await expect(failing).rejects.toThrow(TypeError);
    expect(manifestOf(runDirs(dir, 'plain')[0]!)).toMatchObject({
      status: 'failed',
      error: { message: 'no such layer' },
    });
  });
});

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, startRunExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { readScalars } from '../helpers/tensorboard.ts';
import { test as base } from '../helpers/temp-dir.ts';

const FILE = 'learning/main.ts';

/** A project with a run of six steps and checkpoints of the steps 1, 3 and 5, and what to type in it. */
const test = base.extend<{ first: string; type: (line: string) => Promise<Finished> }>({
  type: async ({ dir }, use) => {
    await use((line) => runExp(line.split(' '), { cwd: dir }));
  },
  first: async ({ dir, type }, use) => {
    makeProject(dir, 'learning');
    await type(`${FILE} net.width=16 --seed 9 --quiet`);
    await use(runsOf(dir)[0]!);
  },
});

function runsOf(dir: string): string[] {
  return runDirs(join(dir, 'runs'), 'learning');
}

function newest(dir: string): string {
  return runsOf(dir).at(-1)!;
}

/** Step and weight of each row. */
function weights(run: string): string[] {
  return progressOf(run).map((row) => `${row['step']}: ${Number(row['train/weight']).toFixed(1)}`);
}

function configOf(run: string): object {
  return (JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')) as { config: object }).config;
}

const BEFORE = ['0: 0.1', '1: 0.2', '2: 0.3', '3: 0.4'];

describe('run-exp fork', () => {
  test('keeps nothing where the environment says so', async ({ dir, first }) => {
    const env = { ...process.env, EXP_GHOST: '1' };

    const { code, stderr } = await runExp(['fork', 'last', 'lr=1'], { cwd: dir, env });

    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).toContain('nothing is kept');
    expect(runsOf(dir)).toEqual([first]);
  });

  test('starts a new run at a step of another, with changed settings and its curves', async ({
    dir,
    first,
    type,
  }) => {
    const before = treeOf(first).map((name) => [name, sizeOf(join(first, name))]);

    const { code, stderr } = await type(`fork ${basename(first)} --at 3 lr=1`);

    expect({ code, stderr }).toMatchObject({ code: 0 });
    const run = newest(dir);
    expect(run).not.toBe(first);
    expect(weights(run)).toEqual([...BEFORE, '4: 1.4', '5: 2.4']);
    expect(configOf(run)).toEqual({ lr: 1, net: { width: 16, depth: 2 }, steps: 6 });
    const manifest = manifestOf(run);
    expect(manifest).toMatchObject({
      status: 'completed',
      experiment: 'learning',
      seed: 9,
      overrides: ['lr=1'],
      result: { weight: 2.4 },
      forkedFrom: {
        run: basename(first),
        step: 3,
        checkpoint: join(first, 'checkpoints/step-000000003.ckpt'),
        curves: true,
        changes: { lr: { from: 0.1, to: 1 } },
      },
    });
    expect(manifest['attempts']).toHaveLength(1);
    expect(treeOf(first).map((name) => [name, sizeOf(join(first, name))])).toEqual(before);
  });

  test('shows one clean curve in TensorBoard, and takes media along', async ({
    dir,
    first,
    type,
  }) => {
    await type(`fork ${basename(first)} --at 3 lr=1 --quiet`);

    const run = newest(dir);
    const events = readdirSync(run).filter((name) => name.includes('tfevents'));
    expect(events).toHaveLength(1);
    const curve = readScalars(run)[run]!['train/weight']!;
    expect(curve.map(({ step, value }) => `${step}: ${value.toFixed(1)}`)).toEqual([
      ...BEFORE,
      '4: 1.4',
      '5: 2.4',
    ]);
    const media = readFileSync(join(run, 'media.jsonl'), 'utf8').trimEnd().split('\n');
    expect(media.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    expect(readFileSync(join(run, 'artifacts/look/weight/5.md'), 'utf8')).toContain('2.4');
    expect(existsSync(join(run, 'attempts'))).toBe(false);
  });

  test('takes the newest checkpoint, and keeps what the code has for listed keys', async ({
    dir,
    first,
    type,
  }) => {
    const { code } = await type(`fork last --keep net.width,seed steps=8 --quiet`);

    expect(code).toBe(0);
    const run = newest(dir);
    expect(configOf(run)).toEqual({ lr: 0.1, net: { width: 8, depth: 2 }, steps: 8 });
    expect(manifestOf(run)['seed']).not.toBe(9);
    expect(manifestOf(run)['forkedFrom']).toMatchObject({
      run: basename(first),
      step: 5,
      changes: { 'net.width': { from: 16, to: 8 }, steps: { from: 6, to: 8 } },
    });
    expect(weights(run)).toHaveLength(8);
  });

  test('loads the state alone with --no-curves', async ({ dir, first, type }) => {
    await type(`fork ${basename(first)} --at 3 --no-curves --quiet`);

    const run = newest(dir);
    expect(weights(run)).toEqual(['0: 0.5', '1: 0.6']);
    expect(readScalars(run)[run]!['train/weight']).toHaveLength(2);
    expect(manifestOf(run)['forkedFrom']).toMatchObject({ step: 3, curves: false, changes: {} });
  });

  test('is shown by show and ls', async ({ first, type }) => {
    await type(`fork ${basename(first)} --at 3 lr=1 --quiet`);

    expect((await type('show last')).stdout).toContain(
      `forked   ${basename(first)} at step 3: lr 0.1 → 1\n`,
    );
    expect((await type('ls')).stdout).toContain(`lr=1  from ${first.slice(-6)}`);
    const listed = JSON.parse((await type('ls --json')).stdout) as object[];
    expect(listed[1]).toMatchObject({ forkedFrom: basename(first) });
  });

  test('forks a run that is under way', async ({ dir, first: _, type }) => {
    const { until, finished } = startRunExp([FILE, 'wait=3', 'lr=2'], { cwd: dir });
    await until(/waiting/);
    const alive = newest(dir);

    const { code } = await type(`fork ${basename(alive)} ~wait --quiet`);

    expect(code).toBe(0);
    expect(weights(newest(dir)).at(-1)).toBe('5: 12.0');
    expect(manifestOf(alive)['status']).toBe('running');
    await type(`stop ${basename(alive)}`);
    await finished;
  });

  test.for(['', ' --no-curves'])(
    'makes a run that can be resumed itself:%s',
    async (how, { dir, first, type }) => {
      const line = `fork ${basename(first)} --at 3 lr=1 wait=4 --keep net${how}`.split(' ');
      const { until, finished } = startRunExp(line, { cwd: dir });
      await until(/waiting/);
      const run = newest(dir);
      process.kill(manifestOf(run)['attempts'][0].process.pid as number, 'SIGKILL');
      await finished;
      // Nothing of the other run is needed any more.
      rmSync(first, { recursive: true });

      const resumed = startRunExp(['resume', basename(run)], { cwd: dir });
      await resumed.until(/waiting/);
      expect(manifestOf(run)['attempts'][1]).toMatchObject({ resumedFrom: 3 });
      await type(`stop ${basename(run)}`);
      await resumed.finished;

      const expected = how === '' ? [...BEFORE, '4: 1.4'] : ['0: 1.4'];
      expect(weights(run)).toEqual(expected);
      expect(configOf(run)).toMatchObject({ lr: 1, net: { width: 8 } });
    },
  );

  describe('refuses', () => {
    test('a step without a checkpoint, and lists those there are', async ({ dir, first, type }) => {
      const { code, stderr } = await type(`fork last --at 4`);

      expect(code).toBe(2);
      expect(stderr).toBe(
        `Error: The run ${basename(first)} has no checkpoint of step 4. There are: 1, 3, 5.\n`,
      );
      expect(runsOf(dir)).toHaveLength(1);
    });

    test('a run without checkpoints', async ({ dir, first, type }) => {
      rmSync(join(first, 'checkpoints'), { recursive: true });

      const { code, stderr } = await type('fork last');

      expect(code).toBe(2);
      expect(stderr).toContain(`The run ${basename(first)} has no checkpoint.`);
      expect(runsOf(dir)).toHaveLength(1);
    });

    test('a key to keep that there is not, with the nearest', async ({ dir, first: _, type }) => {
      const { code, stderr } = await type('fork last --keep net.widht');

      expect(code).toBe(2);
      expect(stderr).toContain(
        '"net.widht" is no key of the config, and cannot be kept. Did you mean "net.width"?',
      );
      expect(runsOf(dir)).toHaveLength(1);
    });

    test('a bad override, and leaves nothing behind', async ({ dir, first: _, type }) => {
      const { code, stderr } = await type('fork last lr=fast');

      expect(code).toBe(2);
      expect(stderr).toContain('lr');
      expect(runsOf(dir)).toHaveLength(1);
    });

    test('a run whose file is gone', async ({ dir, first: _, type }) => {
      rmSync(join(dir, FILE));

      const { code, stderr } = await type('fork last');

      expect(code).toBe(2);
      expect(stderr).toContain(`needs "${join(dir, FILE)}", which is not there.`);
    });
  });
});

function sizeOf(path: string): string {
  return existsSync(path) && !readdirSafe(path) ? readFileSync(path, 'latin1') : '';
}

function readdirSafe(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch {
    return false;
  }
}

import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { experiment, loadRun, logger, type Experiment } from '../../src/index.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';

const Config = z.object({ lr: z.number().default(0.1), steps: z.int().default(4) });

interface State {
  readonly next: number;
  readonly weights: Float64Array;
}

const learning = experiment(
  {
    name: 'learning-by-code',
    config: Config,
    checkpoint: 'all',
    commands: {
      evaluate: async (run) => {
        const state = await run.restore<State>();
        logger.log({ tested: state!.weights[0]! });
        return state!.weights[0];
      },
      broken: () => {
        throw new Error('no test set');
      },
    },
  },
  async (run) => {
    const state = (await run.restore<State>()) ?? { next: 0, weights: new Float64Array(1) };
    const { weights } = state;
    for (let next = state.next; next < run.config.steps; next++) {
      weights[0]! += run.config.lr;
      logger.log({ weight: weights[0]! });
      await run.checkpoint({ next: next + 1, weights });
    }
    return weights[0];
  },
);

type Config = z.infer<typeof Config>;

/** A finished run with four checkpoints. */
const test = base.extend<{ first: Awaited<ReturnType<Experiment<Config>['run']>> }>({
  first: async ({ dir }, use) => {
    await use(await learning.run({ lr: 1 }, { root: dir, seed: 3 }));
  },
});

describe('the four recipes: new, load only, resume, and resume with changes', () => {
  test('a run that is given nothing is new', ({ first }) => {
    expect(first.result).toBe(4);
  });

  test('the state of any run can be loaded without running anything', async ({ dir, first }) => {
    const loaded = await loadRun(learning, first.id, { root: dir });

    expect(loaded.checkpoints.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(await loaded.checkpoint()).toEqual({ next: 4, weights: new Float64Array([4]) });
    expect(await loaded.checkpoint<State>(1)).toMatchObject({ next: 2 });
    await expect(loaded.checkpoint(9)).rejects.toThrow('There are: 0, 1, 2, 3.');
  });

  test('a run can start from the state alone', async ({ dir, first }) => {
    const fork = { run: first.id, at: 1, curves: false };

    const run = await learning.run({}, { root: dir, fork });

    const { metrics, forkedFrom, config } = await load(dir, run.id);
    expect(metrics).toEqual([
      [0, 3],
      [1, 4],
    ]);
    expect({ config, forkedFrom }).toMatchObject({
      config: { lr: 1 },
      forkedFrom: { run: first.id, step: 1, curves: false, changes: {} },
    });
  });

  test('a run can go on in a new one, curves and all', async ({ dir, first }) => {
    const run = await learning.run({ steps: 6 }, { root: dir, fork: first.id });

    expect([run.result, run.seed]).toEqual([6, 3]);
    const { metrics, forkedFrom } = await load(dir, run.id);
    expect(metrics).toEqual([1, 2, 3, 4, 5, 6].map((weight, i) => [i, weight]));
    expect(forkedFrom?.changes).toEqual({ steps: { from: 4, to: 6 } });
  });

  test('or with the settings that the code has now', async ({ dir, first }) => {
    const run = await learning.run({}, { root: dir, fork: { run: first.id, at: 2, keep: ['lr'] } });

    expect(run.config).toEqual({ lr: 0.1, steps: 4 });
    expect(run.result).toBeCloseTo(3.1);
    expect(runDirs(dir, 'learning-by-code')).toHaveLength(2);
  });

  test('a fork has its config from one run', async ({ dir, first }) => {
    const both = { root: dir, fork: first.id, from: first.id };

    await expect(learning.run({}, both)).rejects.toThrow('Leave out from, or fork.');
  });
});

describe('runExperiment with in', () => {
  test('does another command in the run', async ({ dir, first }) => {
    const run = await learning.run({}, { root: dir, in: 'last', command: 'evaluate' });

    expect([run.id, run.dir, run.result]).toEqual([first.id, first.dir, 4]);
    expect(manifestOf(first.dir)).toMatchObject({
      status: 'completed',
      result: 4,
      attempts: [{}, { command: 'evaluate', result: 4, status: 'completed' }],
    });
    const loaded = await loadRun(first.id, { root: dir });
    expect(loaded.metrics('tested')).toMatchObject({ steps: [4], values: [4] });
    expect(loaded.attempts).toHaveLength(2);
  });

  test('throws what the command throws, and leaves the run what it was', async ({ dir, first }) => {
    const broken = learning.run({}, { root: dir, in: first.dir, command: 'broken' });

    await expect(broken).rejects.toThrow('no test set');
    expect(manifestOf(first.dir)).toMatchObject({ status: 'completed', result: 4 });
  });

  test('refuses values, other options, and a run that is under way', async ({ dir, first }) => {
    const entry = { root: dir, in: first.id, command: 'evaluate' };

    await expect(learning.run({ lr: 3 }, entry)).rejects.toThrow('"lr" has no place there');
    await expect(learning.run({}, { ...entry, seed: 1 })).rejects.toThrow('"seed" has no place');
    const nested = experiment({ name: 'nested-entry' }, (run) =>
      learning.run({}, { root: dir, in: join(dir, 'nested-entry', run.id), command: 'evaluate' }),
    );
    await expect(nested.run({}, { root: dir })).rejects.toThrow(/is running, by process \d+ on /);
  });
});

async function load(
  root: string,
  id: string,
): Promise<{ metrics: unknown; config: unknown; forkedFrom: { changes: object } | undefined }> {
  const { forkedFrom, config, ...loaded } = await loadRun(learning, id, { root }).then((one) => ({
    forkedFrom: one.forkedFrom,
    config: one.config,
    weight: one.metrics('weight'),
  }));
  const { steps, values } = loaded.weight;
  return { forkedFrom, config, metrics: steps.map((step, i) => [step, values[i]]) };
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { listCheckpoints } from '../../src/checkpoint/list.ts';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { resumeRun } from '../../src/experiment/resume-run.ts';
import { logger } from '../../src/logging/logger.ts';
import type { Run } from '../../src/run/run.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

type Body = (run: Run, attempt: number) => unknown;

let experiments = 0;

/** An experiment whose main does this, and knows which attempt it is of. */
function experimentOf(body: Body, options: object = {}) {
  let attempt = 0;
  return defineExperiment(
    {
      name: `toy-${++experiments}`,
      config: z.object({ n: z.int().default(3) }),
      sinks: ['csv'],
      ...options,
    },
    (run) => body(run as Run, ++attempt),
  );
}

const only = (root: string): string => runDirs(root, `toy-${experiments}`)[0]!;

describe('run.checkpoint', () => {
  test('is of the last row unless a step is given, and says what it saved', async ({ dir }) => {
    const infos: unknown[] = [];
    const toy = experimentOf(async (run) => {
      logger.log({ a: 1 }, { step: 7 });
      infos.push(await run.checkpoint({}), await run.checkpoint({}, { step: 70 }));
    });

    await toy.run({}, { root: dir });

    expect(infos).toMatchObject([
      { step: 7, call: 0 },
      { step: 70, call: 1 },
    ]);
  });

  test('follows the policy of the experiment; best judges by a metric of the run', async ({
    dir,
  }) => {
    const policy = { mode: 'best', metric: 'score', direction: 'maximize' };
    const toy = experimentOf(
      async (run) => {
        for (const score of [1, 5, 2, 3]) {
          logger.log({ score });
          await run.checkpoint({ score });
        }
      },
      { checkpoint: policy },
    );

    await toy.run({}, { root: dir });

    expect(listCheckpoints(only(dir)).map(({ step, metric }) => [step, metric])).toEqual([
      [1, 5],
      [3, 3],
    ]);
  });

  test('takes its turn when another one is under way, and the run waits for the last', async ({
    dir,
  }) => {
    const toy = experimentOf(
      (run) => {
        for (let step = 0; step < 5; step++) void run.checkpoint({ step }, { step });
      },
      { checkpoint: 'all' },
    );

    await toy.run({}, { root: dir });

    expect(listCheckpoints(only(dir)).map(({ step }) => step)).toEqual([0, 1, 2, 3, 4]);
  });

  test('lets timers and signals have their turn, also where nothing is saved', async ({ dir }) => {
    let turns = 0;
    const toy = experimentOf(
      async (run) => {
        setImmediate(() => turns++);
        for (let i = 0; i < 3; i++) await run.checkpoint({});
      },
      { checkpoint: 'none' },
    );

    await toy.run({}, { root: dir });

    expect(turns).toBe(1);

    expect(existsSync(join(only(dir), 'checkpoints'))).toBe(false);
  });

  test('refuses what cannot be saved, and names it; in a ghost run too', async ({ dir }) => {
    const toy = experimentOf((run) => run.checkpoint({ model: { forward: () => 1 } }));

    await expect(toy.run({}, { root: dir })).rejects.toThrow('state.model.forward');
    await expect(toy.run({}, { root: dir, ghost: true })).rejects.toThrow('state.model.forward');
  });

  test('keeps nothing of a ghost run', async ({ dir }) => {
    const saved: unknown[] = [];
    const toy = experimentOf(async (run) => saved.push(await run.checkpoint({ a: 1 })));

    await toy.run({}, { root: dir, ghost: true });

    expect(saved).toEqual([undefined]);
  });

  test('is refused by a run that is over, whose directory may be that of a later attempt', async ({
    dir,
  }) => {
    const toy = experimentOf((run) => run.checkpoint({ a: 1 }));

    const run = await toy.run({}, { root: dir });

    await expect(run.checkpoint({ a: 2 })).rejects.toThrow('is over: it takes no checkpoint.');
    expect(listCheckpoints(only(dir))).toHaveLength(1);
  });

  test('saves nothing in a further command: the run keeps its own', async ({ dir }) => {
    const look = async (run: Run): Promise<unknown> => [
      await run.checkpoint({ looked: 1 }),
      await run.checkpoint({ looked: 2 }),
      await run.restore(),
    ];
    const toy = experimentOf((run) => run.checkpoint({ learned: 1 }), { commands: { look } });
    await toy.run({}, { root: dir });

    const { result } = await toy.run({}, { root: dir, in: 'last', command: 'look' });

    expect(result).toEqual([undefined, undefined, { learned: 1 }]);
    expect(listCheckpoints(only(dir))).toHaveLength(1);
  });

  test.for([
    ['mode', { mode: 'gap' }, 'needs a gap'],
    ['name', 'lats', 'last'],
  ] as const)('refuses a bad policy by its %s', ([, checkpoint, message]) => {
    expect(() => experimentOf(() => {}, { checkpoint })).toThrow(message);
  });
});

describe('run.restore', () => {
  test('gives undefined where a run starts at its beginning', async ({ dir }) => {
    const given: unknown[] = [];
    const toy = experimentOf(async (run) => given.push(await run.restore(), run.resumedFrom));

    await toy.run({}, { root: dir });

    expect(given).toEqual([undefined, undefined]);
  });

  test('gives the state, and sets what the run carries on: clock, summary, result, reads', async ({
    dir,
  }) => {
    const seen: unknown[] = [];
    const toy = experimentOf(async (run, attempt) => {
      const state = await run.restore<{ at: Date }>();
      if (attempt === 1) {
        run.noteRead('n', 'somewhere');
        run.result = { interim: 1 };
        logger.log({ a: 1, b: 2 }, { step: 4 });
        while (run.rows.elapsed < 0.2) await new Promise(setImmediate);
        await run.checkpoint({ at: new Date(5) });
        throw new Error('crash');
      }
      seen.push(state, run.resumedFrom, run.summary, run.result, run.reads['n'], run.rows.step);
      logger.log({ a: 3 });
    });
    await expect(toy.run({}, { root: dir })).rejects.toThrow('crash');

    const run = await resumeRun(toy, 'last', { root: dir });

    expect(seen.slice(0, 2)).toEqual([{ at: new Date(5) }, 4]);
    expect(seen.slice(3)).toEqual([{ interim: 1 }, expect.arrayContaining(['somewhere']), 4]);
    expect(run.status).toBe('completed');
    const manifest = manifestOf(only(dir));
    expect(manifest).toMatchObject({ step: 5, summary: { a: 3, b: 2 }, result: { interim: 1 } });
    expect(manifest['elapsed']).toBeGreaterThanOrEqual(0.2);
    const elapsed = readFileSync(join(only(dir), 'progress.csv'), 'utf8')
      .split('\n')[2]!
      .split(',')[2];
    expect(Number(elapsed)).toBeGreaterThanOrEqual(0.2);
  });

  test('brings live values to the state, part by part', async ({ dir }) => {
    const weights = new Float64Array(2);
    const toy = experimentOf(async (run, attempt) => {
      await run.restore({ weights });
      if (attempt === 2) return;
      await run.checkpoint({ weights: Float64Array.of(3, 4) });
      throw new Error('crash');
    });
    await expect(toy.run({}, { root: dir })).rejects.toThrow('crash');

    await resumeRun(toy, 'last', { root: dir });

    expect([...weights]).toEqual([3, 4]);
  });

  const refused: readonly [string, Body][] = [
    ['a row', () => logger.log({ a: 1 })],
    ['media', () => logger.text('note', 'x')],
    ['a checkpoint', (run) => run.checkpoint({})],
  ];
  test.for(refused)('must come before %s of a resumed run', async ([, act], { dir }) => {
    const toy = experimentOf(async (run, attempt) => {
      if (attempt > 1) return act(run, attempt);
      await run.checkpoint({});
      throw new Error('crash');
    });
    await expect(toy.run({}, { root: dir })).rejects.toThrow('crash');

    await expect(resumeRun(toy, 'last', { root: dir })).rejects.toThrow(
      'Call "const state = await run.restore()" before the first row',
    );
  });
});

describe('resumeRun', () => {
  test('refuses a run that has completed, one of another experiment, and another config', async ({
    dir,
  }) => {
    const toy = experimentOf(() => 1);
    await toy.run({}, { root: dir });
    await expect(resumeRun(toy, 'last', { root: dir })).rejects.toThrow('has completed');

    const other = defineExperiment({ name: 'other', config: z.object({}) }, () => 1);
    await expect(resumeRun(other, 'last', { root: dir })).rejects.toThrow(
      /is one of "toy-\d+", not of "other"/,
    );
  });

  test('records the config that it goes on with, and that of the attempt before', async ({
    dir,
  }) => {
    let factor = 1;
    const times = (n: number): number => n * factor;
    const config = z.object({ n: z.int().default(3).transform(times) });
    const toy = experimentOf(
      async (run, attempt) => {
        await run.restore();
        await run.checkpoint({});
        if (attempt === 1) throw new Error('crash');
      },
      { config },
    );
    await expect(toy.run({}, { root: dir })).rejects.toThrow('crash');
    const { configHash } = manifestOf(only(dir));
    factor = 2;

    await expect(resumeRun(toy, 'last', { root: dir })).rejects.toThrow('n: 3 → 6');
    await resumeRun(toy, 'last', { root: dir, allowChanges: true });

    const stored = (name: string): unknown =>
      (JSON.parse(readFileSync(join(only(dir), name), 'utf8')) as { config: unknown }).config;
    expect([stored('config.json'), stored('attempts/1/config.json')]).toEqual([{ n: 6 }, { n: 3 }]);
    expect(manifestOf(only(dir))['configHash']).not.toBe(configHash);
    expect(manifestOf(only(dir))['attempts'][1].changes).toEqual(['n: 3 → 6']);
  });

  test('starts over without a checkpoint', async ({ dir }) => {
    const toy = experimentOf((run, attempt) => {
      logger.log({ attempt });
      if (attempt === 1) throw new Error('crash');
    });
    await expect(toy.run({}, { root: dir })).rejects.toThrow('crash');

    await resumeRun(toy, 'last', { root: dir });

    const lines = readFileSync(join(only(dir), 'progress.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.slice(1).map((line) => line.split(',')[3])).toEqual(['2']);
    expect(existsSync(join(only(dir), 'attempts/1/progress.csv'))).toBe(true);
  });
});

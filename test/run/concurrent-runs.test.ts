import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured, experiment, inject, logger, type Rng, type Run } from '../../src/index.ts';
import { manifestOf, progressOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const Config = z.object({ lr: z.number().default(0), steps: z.int().default(5) });

// What a captured function saw: in Sacred it is bound to the run that started last.
const observe = captured((lr: number = inject(), rng: Rng = inject()) => ({
  lr,
  draw: rng.uniform(),
}));

const interleaved = experiment(
  { name: 'interleaved', config: Config, sinks: ['csv'] },
  async (run: Run<z.infer<typeof Config>>) => {
    for (let step = 0; step < run.config.steps; step++) {
      await logger.prefix(`lr${run.config.lr}`, async () => {
        await (step % 2 === 0 ? turn() : delay(1));
        const { lr, draw } = observe();
        logger.log({ lr, draw, seed: run.seed }, { step });
      });
    }
  },
);

const outer = experiment({ name: 'outer', config: Config, sinks: ['csv'] }, async () => {
  logger.record('before', observe().lr);
  const inner = await logger.prefix('outer', () => interleaved.run({ lr: 9 }, options));
  logger.record('after', observe().lr);
  logger.dump({ step: 1 });
  return { inner: inner.id };
});

let options: { root: string; seed?: number };

describe('concurrent runs of one experiment', () => {
  test('never see the config, prefix, seed or rows of each other', async ({ dir }) => {
    options = { root: dir };
    const rates = [1, 2, 3, 4, 5];

    const runs = await Promise.all(
      rates.map((lr) => interleaved.run({ lr }, { root: dir, seed: lr * 100 })),
    );

    runs.forEach((run, i) => {
      const rows = progressOf(run.dir);
      expect(rows).toHaveLength(5);
      for (const row of rows) {
        expect(row[`lr${rates[i]}/lr`]).toBe(String(rates[i]));
        expect(row[`lr${rates[i]}/seed`]).toBe(String(rates[i]! * 100));
      }
      expect(Object.keys(rows[0]!)).toHaveLength(6);
    });
  });

  test('get the same metrics from the same seed, whatever else is running', async ({ dir }) => {
    options = { root: dir };
    const alone = await interleaved.run({ lr: 1 }, { root: dir, seed: 7 });
    const others = Promise.all([2, 3, 4].map((lr) => interleaved.run({ lr }, { root: dir })));
    const crowded = await interleaved.run({ lr: 1 }, { root: dir, seed: 7 });
    await others;

    expect(metricsHash(crowded.dir)).toBe(metricsHash(alone.dir));
  });
});

describe('nested runs', () => {
  test('see their own config, and the outer one is back afterwards', async ({ dir }) => {
    options = { root: dir };

    const run = await outer.run({ lr: 4 }, { root: dir });

    expect(progressOf(run.dir)).toMatchObject([{ step: '1', before: '4', after: '4' }]);
    const inner = (run.result as { inner: string }).inner;
    expect(manifestOf(`${dir}/interleaved/${inner}`)).toMatchObject({ parent: run.id });
    expect(Object.keys(progressOf(`${dir}/interleaved/${inner}`)[0]!)).toContain('lr9/lr');
  });
});

describe('the scope of a run', () => {
  test('follows timers, streams of promises and event listeners bound to it', async ({ dir }) => {
    const emitter = new EventEmitter();
    const following = experiment({ name: 'following', sinks: ['csv'] }, async () => {
      const fired = once(emitter, 'go').then(() => logger.log({ promise: 1 }));
      setTimeout(() => logger.log({ timer: 1 }), 1);
      await delay(5);
      emitter.emit('go');
      await fired;
    });

    const run = await following.run({}, { root: dir });

    expect(Object.keys(run.summary)).toEqual(['timer', 'promise']);
  });
});

function metricsHash(dir: string): string {
  const rows = progressOf(dir).map(({ wall_time: _, elapsed: __, ...rest }) => rest);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
}

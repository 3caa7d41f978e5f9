import { createHash } from 'node:crypto';
import { setImmediate as immediate, setTimeout as timer } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { capture, experiment, inject, logger, Rng, type Row, type Run } from '../../src/index.ts';
import { test } from '../helpers/temp-dir.ts';

const RUNS = 200;

/** How the runs of one schedule take turns; replaced by every schedule. */
let pause: () => Promise<unknown> = async () => {};

const noise = capture(async (scale: number = inject(), rng: Rng = inject()) => {
  await pause();
  return scale * rng.normal();
});

const walk = capture(
  async (steps: number = inject(), drift: number = inject(), rng: Rng = inject()) => {
    let place = rng.uniform();
    for (let step = 0; step < steps; step++) {
      place += drift + (await noise());
      await pause();
    }
    return place;
  },
);

const jump = capture(async (kind: string = inject(), seed: number = inject()) => {
  await pause();
  return kind === 'long' ? seed % 1000 : -(seed % 10);
});

const main = async (run: Run<Config>, rng: Rng): Promise<void> => {
  for (let epoch = 0; epoch < 3; epoch++) {
    const [walked, jumped] = await logger.prefix('train', () => Promise.all([walk(), jump()]));
    await pause();
    await logger.prefix('train', async () => {
      logger.record('walked', walked);
      await pause();
      logger.record('jumped', jumped);
      await logger.prefix('deep', async () => {
        await pause();
        logger.record('draw', rng.integer(0, 1000));
        logger.record('global', Math.random());
      });
    });
    logger.dump({ step: epoch });
    await new Promise<void>((resolve) =>
      setTimeout(() => {
        logger.log({ drift: run.config.walk.drift, late: rng.choice([1, 2, 3]) });
        resolve();
      }, 0),
    );
  }
};

const schema = z.object({
  scale: z.number().default(1),
  kind: z.enum(['long', 'short']).default('short'),
  walk: z.object({ steps: z.int().default(2), drift: z.number().default(0) }).prefault({}),
  steps: z.int(),
  drift: z.number(),
});
type Config = z.infer<typeof schema>;

const interleaved = experiment(
  {
    name: 'interleaved',
    config: schema,
    derive: { steps: (config) => config.walk.steps, drift: (config) => config.walk.drift },
    sinks: [],
    seedGlobals: true,
  },
  main,
);

/** The nth run: no two have the same config and seed. */
function nth(n: number): { values: object; seed: number } {
  const kind = n % 3 === 0 ? 'long' : 'short';
  const walked = { steps: 1 + (n % 4), drift: (n % 7) / 10 };
  return { values: { scale: 1 + (n % 5), kind, walk: walked }, seed: 1000 + Math.floor(n / 2) };
}

/** Executes one run and hashes its rows, but for the time they were made at. */
async function hashOf(n: number, root: string): Promise<string> {
  const rows: Row[] = [];
  const sink = {
    name: 'rows',
    open: () => ({ write: (batch: readonly Row[]) => void rows.push(...batch) }),
  };
  const { values, seed } = nth(n);
  await interleaved.run(values, { root, seed, sinks: [sink] });
  expect(rows).toHaveLength(6);
  const metrics = rows.map(({ step, tags, values: logged }) => [step, tags, logged]);
  return createHash('sha256').update(JSON.stringify(metrics)).digest('hex');
}

/**
 * All runs at once, started in an order and taking turns in a way that `rng` chooses. Returns the
 * hash of each, and the order in which they ended.
 */
async function schedule(rng: Rng, root: string): Promise<{ hashes: string[]; ended: number[] }> {
  const waits = rng.shuffle([
    () => Promise.resolve(),
    () => immediate(),
    () => timer(rng.integer(0, 4)),
    () => new Promise<void>((resolve) => process.nextTick(resolve)),
  ]);
  const last = rng.integer(2, 5);
  pause = () => waits[rng.integer(0, last)]!();
  const hashes: string[] = [];
  const ended: number[] = [];
  const order = rng.shuffle(Array.from({ length: RUNS }, (_, n) => n));
  await Promise.all(
    order.map(async (n) => {
      await pause();
      hashes[n] = await hashOf(n, root);
      ended.push(n);
    }),
  );
  return { hashes, ended };
}

describe('runs that take turns in one process', () => {
  test('log the same metrics in every order', { timeout: 120_000 }, async ({ dir }) => {
    const first = await schedule(new Rng(1), dir);
    const second = await schedule(new Rng(2), dir);
    const third = await schedule(new Rng(3), dir);

    expect(new Set(first.hashes).size).toBe(RUNS);
    expect(second.hashes).toEqual(first.hashes);
    expect(third.hashes).toEqual(first.hashes);
    const orders = [first, second, third].map(({ ended }) => ended.join(' '));
    expect(new Set(orders).size).toBe(3);
  });
});

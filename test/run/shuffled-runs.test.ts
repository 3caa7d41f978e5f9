import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured, experiment, inject, logger, Rng } from '../../src/index.ts';
import { memorySink } from '../helpers/memory-sink.ts';
import { test } from '../helpers/temp-dir.ts';

const RUNS = 200;

/** Lets other tasks go first, a random number of times. */
async function yieldTo(schedule: Rng): Promise<void> {
  for (let turns = schedule.integer(0, 4); turns > 0; turns--) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const measure = captured((lr: number = inject(), rng: Rng = inject()) => lr * rng.uniform());

const fold = captured(async (i: number, schedule: Rng, log = logger.child(`fold-${i}`)) => {
  for (let step = 0; step < 3; step++) {
    await yieldTo(schedule);
    log.record(`loss-${step}`, measure());
  }
});

/** The hash of what every run logs, when all of them are interleaved by this schedule. */
async function hashes(root: string, seed: number): Promise<string[]> {
  const schedule = new Rng(seed);
  const sinks = Array.from({ length: RUNS }, () => memorySink());
  const walk = experiment(
    {
      name: `shuffled-${seed}`,
      config: z.object({ lr: z.number(), at: z.int() }),
      seedGlobals: true,
    },
    async (run) => {
      await yieldTo(schedule);
      const folds = [fold(0, schedule), fold(1, schedule)];
      await Promise.all(folds);
      await logger.prefix('end', async () => {
        await yieldTo(schedule);
        logger.log({ draw: measure(), global: Math.random(), at: run.config.at });
      });
    },
  );
  const order = schedule.shuffle(Array.from({ length: RUNS }, (_, at) => at));
  const start = async (at: number): Promise<void> => {
    await yieldTo(schedule);
    await walk.run({ lr: at / 7, at }, { root, seed: at, sinks: [sinks[at]!] });
  };
  await Promise.all(order.map(start));
  return sinks.map((sink) => {
    // In which order two folds end is the schedule's; what they have measured is not.
    const cells = sink.table().flatMap(({ step: _, ...row }) => Object.entries(row));
    const sorted = cells.map((cell) => JSON.stringify(cell)).toSorted((a, b) => (a < b ? -1 : 1));
    return createHash('sha256').update(sorted.join()).digest('hex');
  });
}

describe('200 interleaved runs with configs of their own', () => {
  test('log the same in every schedule', async ({ dir }) => {
    const first = await hashes(dir, 1);

    expect(new Set(first).size).toBe(RUNS);
    expect(await hashes(dir, 2)).toEqual(first);
    expect(await hashes(dir, 3)).toEqual(first);
  });
});

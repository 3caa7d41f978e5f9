import { afterEach, describe, expect } from 'vitest';
import { z } from 'zod';
import { experiment } from '../../src/decorators/experiment.ts';
import { openRun } from '../../src/run/open-run.ts';
import { test } from '../helpers/temp-dir.ts';

const original = Math.random;
const draw = (): number[] => [Math.random(), Math.random()];
const options = { config: z.object({}), sinks: [] };
const seeded = experiment({ ...options, name: 'seeded-globals', seedGlobals: true }, draw);
const unseeded = experiment({ ...options, name: 'unseeded-globals' }, draw);

afterEach(() => {
  expect(Math.random).toBe(original);
});

describe('seedGlobals', () => {
  test('gives the same numbers to the same seed, and others to another', async ({ dir }) => {
    const [first, again, other] = [
      await seeded.run({}, { root: dir, seed: 7 }),
      await seeded.run({}, { root: dir, seed: 7 }),
      await seeded.run({}, { root: dir, seed: 8 }),
    ];

    expect(first.result).toEqual(again.result);
    expect(first.result).not.toEqual(other.result);
    for (const number of first.result as number[]) {
      expect(number).toBeGreaterThanOrEqual(0);
      expect(number).toBeLessThan(1);
    }
  });

  test('touches nothing without it', async ({ dir }) => {
    const [first, again] = [
      await unseeded.run({}, { root: dir, seed: 7 }),
      await unseeded.run({}, { root: dir, seed: 7 }),
    ];

    expect(first.result).not.toEqual(again.result);
  });

  test('keeps concurrent runs apart, and leaves other code what it had', async ({ dir }) => {
    const alone = await seeded.run({}, { root: dir, seed: 7 });
    const interleaved = experiment(
      { ...options, name: 'interleaved-globals', seedGlobals: true },
      async () => {
        const numbers: number[] = [];
        for (let i = 0; i < 2; i++) {
          numbers.push(Math.random());
          await new Promise((resolve) => setImmediate(resolve));
        }
        return numbers;
      },
    );
    let outside = 0;
    Math.random = () => (outside += 1);
    try {
      const runs = Promise.all([7, 9, 7].map((seed) => interleaved.run({}, { root: dir, seed })));
      await new Promise((resolve) => setImmediate(resolve));
      const before = outside;

      expect([Math.random(), Math.random()]).toEqual([before + 1, before + 2]);
      const [first, other, again] = (await runs).map(({ result }) => result);
      expect(first).toEqual(alone.result);
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      expect(outside).toBe(before + 2);
    } finally {
      Math.random = original;
    }
  });

  test('does not reach the runs inside, nor end with them', async ({ dir }) => {
    const outer = await openRun(
      { name: 'outer-globals', root: dir, sinks: [], seed: 7, seedGlobals: true },
      async (run) => {
        const inner = await unseeded.run({}, { root: dir, seed: 7 });
        const nested = await seeded.run({}, { root: dir, seed: 7 });
        run.result = { own: draw(), inner: inner.result, nested: nested.result };
      },
    );

    const { own, inner, nested } = outer.result as Record<string, unknown>;
    expect(own).toEqual(nested);
    expect(inner).not.toEqual(nested);
  });

  test('ends with a run that fails', async ({ dir }) => {
    const failing = experiment({ ...options, name: 'failing-globals', seedGlobals: true }, () => {
      throw new Error('gone');
    });

    await expect(failing.run({}, { root: dir })).rejects.toThrow('gone');
  });

  test('leaves in place what somebody else has put on top', async ({ dir }) => {
    await openRun({ name: 'wrapped', root: dir, sinks: [], seed: 7, seedGlobals: true }, () => {
      const ours = Math.random;
      Math.random = () => ours() / 2;
    });
    try {
      expect(Math.random).not.toBe(original);
      expect(Math.random()).toBeLessThan(0.5);
      const run = await seeded.run({}, { root: dir, seed: 7 });
      expect(run.result).toEqual((await seeded.run({}, { root: dir, seed: 7 })).result);
    } finally {
      Math.random = original;
    }
  });
});

import { describe, expect } from 'vitest';
import { captured } from '../../src/decorators/captured.ts';
import { capture } from '../../src/capture/capture.ts';
import { inject } from '../../src/capture/inject.ts';
import { Logger } from '../../src/logging/logger.ts';
import { Rng } from '../../src/random/rng.ts';
import type { Run } from '../../src/run/run.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

const notCaptured = (lr: number = inject()): number => lr;
const lrOf = captured((lr: number = inject()) => lr);

describe('captured(fn)', () => {
  test.for<[kind: string, fn: () => unknown]>([
    ['an arrow', lrOf],
    ['an async arrow', captured(async (lr: number = inject()) => lr)],
    [
      'a function',
      captured(function named(lr: number = inject()) {
        return lr;
      }),
    ],
    ['a function with a plain parameter', captured((lr: number) => lr) as () => unknown],
    ['a function that is captured already', captured(lrOf)],
  ])('fills the arguments of %s', async ([, fn], { dir }) => {
    expect(await inRun(dir, { lr: 0.5 }, () => fn())).toBe(0.5);
  });

  test('keeps name, length and this', () => {
    const added = captured(function add(this: { by: number }, x: number, y = this.by): number {
      return x + y;
    });

    expect([added.name, added.length, added.call({ by: 2 }, 1)]).toEqual(['add', 1, 3]);
  });

  test('passes all arguments to a bound function', async ({ dir }) => {
    const bound = captured(Math.max.bind(Math, 3));

    expect(await inRun(dir, { lr: 0.5 }, () => bound(1, 2))).toBe(3);
  });

  test('finds the run across awaits, timers and nested calls', async ({ dir }) => {
    const outer = captured(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return lrOf();
    });

    expect(await inRun(dir, { lr: 0.5 }, () => outer())).toBe(0.5);
  });

  test('gives what a run has besides its config, by name', async ({ dir }) => {
    const special = captured(
      (
        run: Run = inject(),
        config: object = inject(),
        runId: string = inject(),
        runDir: string = inject(),
        signal: AbortSignal = inject(),
      ) => [run, config, runId, runDir, signal],
    );

    await inRun(dir, { lr: 0.5 }, (run) => {
      expect(special()).toEqual([run, run.config, run.id, run.dir, run.signal]);
    });
  });

  test('gives the logger, and a new generator and seed at every call', async ({ dir }) => {
    const tools = captured((logger: unknown = inject(), rng: Rng = inject(), seed = -1) => ({
      logger,
      rng,
      seed,
    }));

    const [first, second] = await inRun(dir, {}, () => [tools(), tools()] as const);

    expect(first.logger).toBeInstanceOf(Logger);
    expect(second.logger).toBe(first.logger);
    expect(first.rng).toBeInstanceOf(Rng);
    expect(new Set([first.seed, second.seed, first.rng.seed, second.rng.seed, -1]).size).toBe(5);
  });

  test('gives a seed of its own to every call also where the config has a key of that name', async ({
    dir,
  }) => {
    const seedOf = captured((seed: number = inject()) => seed);

    const [first, second] = await inRun(dir, { seed: 5 }, () => [seedOf(), seedOf()]);

    expect(first).not.toBe(second);
  });

  test('fills a generator at its call, and runs its body in the scope of the consumer', async ({
    dir,
  }) => {
    const lrs = captured(function* (lr: number = inject()) {
      yield lr;
      yield lrOf();
    });

    const got = await inRun(dir, { lr: 1 }, async () => {
      const iterator = lrs();
      return inRun(dir, { lr: 2 }, () => [...iterator]);
    });

    expect(got).toEqual([1, 2]);
  });
});

describe('capture', () => {
  test('takes sections, and names in place of those in the code', async ({ dir }) => {
    const minified = capture((a: number = inject(), b: number = inject()) => [a, b], {
      prefixes: ['train'],
      names: ['lr', 'schedule.warmup'],
    });
    const config = { lr: 1, train: { lr: 2, schedule: { warmup: 3 } } };

    expect(await inRun(dir, config, () => minified())).toEqual([2, 3]);
  });

  test('gives a whole section to a parameter of its name', async ({ dir }) => {
    const fit = capture((optimizer: object = inject()) => optimizer, {
      prefixes: ['train.optimizer'],
    });

    const got = await inRun(dir, { train: { optimizer: { lr: 3 } } }, () => fit());

    expect(got).toEqual({ lr: 3 });
  });

  test.for(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'finds no %s in a config that has none',
    async (name, { dir }) => {
      const fit = capture((x: unknown = inject()) => x, { names: [name] });

      await expect(inRun(dir, { lr: 1 }, () => fit())).rejects.toThrow(`needs "${name}"`);
    },
  );

  test('names a function as it is told to in messages', async ({ dir }) => {
    const fit = capture((lr: number = inject()) => lr, { name: 'Model.fit' });

    await expect(inRun(dir, {}, () => fit())).rejects.toThrow('Model.fit() needs "lr"');
  });
});

describe('inject', () => {
  const code = 'EXP_CAPTURE';

  test('throws in a function that is not captured', () => {
    expect(() => notCaptured()).toThrow(
      expect.objectContaining({
        code,
        message:
          'inject() was evaluated in a function that is not captured. ' +
          'Put @captured on the method, or wrap the function: captured(fn).',
      }),
    );
  });

  test('tells such a function from the captured one that calls it', async ({ dir }) => {
    const outer = captured((x: number = inject(), y = 0.9) => [x, y, notCaptured()]);

    await expect(inRun(dir, { x: 1 }, () => outer())).rejects.toThrow('not captured');
    expect(() => outer(1)).toThrow('not captured');
  });

  test('names every argument that is missing, and no other', async ({ dir }) => {
    const fit = captured(
      (a = 1, lr: number = inject(), batch: number = inject(), b = 2) => a + lr + batch + b,
    );

    const message = 'needs "lr", "batch", which neither the call nor the config gives.';
    await expect(inRun(dir, { c: 1 }, () => fit())).rejects.toThrow(message);
    await expect(inRun(dir, { c: 1, batch: 1 }, () => fit())).rejects.toThrow('needs "lr", which');
  });

  test('calls a function without a name anonymous', async ({ dir }) => {
    const call = inRun(dir, {}, () => captured((lr: number = inject()) => lr)());

    await expect(call).rejects.toThrow('anonymous() needs "lr"');
  });

  test('rejects the promise of an async function', async () => {
    const fit = captured(async (lr: number = inject()) => lr);

    const promise = fit();

    await expect(promise).rejects.toThrow('"lr" and was called outside of a run');
  });
});

import { AsyncResource } from 'node:async_hooks';
import { EventEmitter, on, once } from 'node:events';
import { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { inject } from '../../src/capture/inject.ts';
import { logger } from '../../src/logging/logger.ts';
import type { Rng } from '../../src/random/rng.ts';
import { memorySink } from '../../src/testing.ts';
import { test } from '../helpers/temp-dir.ts';

/** What code sees of its run; the tag says its prefix. */
const look = captured(function look(lr: number = inject(), rng: Rng = inject()) {
  logger.log({ seen: lr });
  return [lr, rng.seed];
});

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Ways for code to get from one place to another. */
const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  'async functions': async () => {
    await tick();
    await (async () => tick())();
    return look();
  },
  setTimeout: () => new Promise((resolve) => setTimeout(() => resolve(look()), 1)),
  setInterval: () =>
    new Promise((resolve) => {
      const timer = setInterval(() => {
        clearInterval(timer);
        resolve(look());
      }, 1);
    }),
  setImmediate: () => new Promise((resolve) => setImmediate(() => resolve(look()))),
  queueMicrotask: () => new Promise((resolve) => queueMicrotask(() => resolve(look()))),
  'process.nextTick': () => new Promise((resolve) => process.nextTick(() => resolve(look()))),
  'a pipeline of streams': async () => {
    const seen: unknown[] = [];
    const transform = new Transform({
      objectMode: true,
      transform: (chunk, _, done) => setImmediate(() => done(null, [chunk, ...look()])),
    });
    const sink = new Writable({
      objectMode: true,
      write: (chunk, _, done) => {
        seen.push(chunk);
        done();
      },
    });
    await pipeline(Readable.from([1]), transform, sink);
    return (seen[0] as unknown[]).slice(1);
  },
  'async generators': async () => {
    async function* batches(): AsyncGenerator {
      await tick();
      yield look();
    }
    for await (const seen of batches()) return seen;
    return undefined;
  },
  'an event emitter': async () => {
    const emitter = new EventEmitter();
    let seen: unknown;
    emitter.on('batch', () => (seen = look()));
    await tick();
    emitter.emit('batch');
    return seen;
  },
  'an awaited event': async () => {
    const emitter = new EventEmitter();
    setImmediate(() => emitter.emit('batch'));
    await once(emitter, 'batch');
    return look();
  },
  'iterated events': async () => {
    const emitter = new EventEmitter();
    setImmediate(() => emitter.emit('batch'));
    for await (const _ of on(emitter, 'batch')) return look();
    return undefined;
  },
  'a callback bound to its place': async () => {
    const seen = new Promise((resolve) => {
      outside.once(
        'batch',
        AsyncResource.bind(() => resolve(look())),
      );
    });
    return seen;
  },
};

/** Emits to whoever listens, from outside of all runs. */
const outside = new EventEmitter();

describe('config, prefix and generator follow the code', () => {
  test.for(Object.keys(ways))('through %s', async (way, { dir }) => {
    const sink = memorySink('memory');
    const walk = experiment(
      {
        name: `way-${Object.keys(ways).indexOf(way)}`,
        config: z.object({ lr: z.number() }),
        sinks: [sink],
      },
      () => logger.prefix('train', ways[way]!),
    );
    const emitting = setInterval(() => outside.emit('batch'), 1);

    const [one, again, other] = await Promise.all([
      walk.run({ lr: 1 }, { root: dir, seed: 5 }),
      walk.run({ lr: 1 }, { root: dir, seed: 5 }),
      walk.run({ lr: 2 }, { root: dir, seed: 6 }),
    ]);
    clearInterval(emitting);

    expect(one.result).toEqual([1, expect.any(Number)]);
    expect(again.result).toEqual(one.result);
    expect(other.result).toEqual([2, expect.any(Number)]);
    expect((other.result as number[])[1]).not.toBe((one.result as number[])[1]);
    expect(one.summary).toEqual({ 'train/seen': 1 });
  });

  test('into runs inside of runs, and back', async ({ dir }) => {
    const inner = experiment(
      { name: 'context-inner', config: z.object({ lr: z.number() }), sinks: [] },
      async () => {
        await tick();
        return look();
      },
    );
    const outer = experiment(
      { name: 'context-outer', config: z.object({ lr: z.number() }), sinks: [] },
      () =>
        logger.prefix('outer', async () => {
          const before = look()[0];
          const nested = await inner.run({ lr: 2 }, { root: dir });
          await tick();
          const pending = new Promise((resolve) => setTimeout(() => resolve(look()[0]), 1));
          const both = await Promise.all([inner.run({ lr: 3 }, { root: dir }), pending]);
          return {
            seen: [
              before,
              (nested.result as number[])[0],
              (both[0].result as number[])[0],
              both[1],
              look()[0],
            ],
            inner: nested.summary,
          };
        }),
    );

    const { result, summary } = await outer.run({ lr: 1 }, { root: dir });

    expect(result).toEqual({ seen: [1, 2, 3, 1, 1], inner: { seen: 2 } });
    expect(summary).toEqual({ 'outer/seen': 1 });
  });
});

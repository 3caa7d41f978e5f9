import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import type { Sink, StreamOutput } from '../../src/core/sink.ts';
import { logger, openRun } from '../../src/index.ts';
import { FLUSH_INTERVAL } from '../../src/logging/fan-out.ts';
import { memorySink } from '../../src/testing.ts';
import { manifestOf, progressOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FLUSH_INTERVAL_MS = FLUSH_INTERVAL * 1000;
const BATCH = 2_048; // one value a row: every batch is full at this many rows

function streamSink(name: string, output: StreamOutput): Sink {
  return { name, open: () => output };
}

describe('the fan-out', () => {
  test('hands over a full batch at once, and the rest at the end, in order', async ({ dir }) => {
    const sink = memorySink();
    const run = await openRun({ name: 'fan', root: dir, sinks: [sink] });

    for (let i = 0; i < BATCH + 10; i++) logger.log({ i });
    const before = sink.rows.length;
    await run.close();

    expect(before).toBe(BATCH);
    expect(sink.rows.map((row) => row.step)).toEqual(
      Array.from({ length: BATCH + 10 }, (_, i) => i),
    );
  });

  test('hands over by age in a loop that never yields', async ({ dir }) => {
    const sink = memorySink();
    await using _run = await openRun({ name: 'fan', root: dir, sinks: [sink] });
    logger.log({ i: 0 });

    for (const from = Date.now(); Date.now() < from + FLUSH_INTERVAL_MS + 5;);
    logger.log({ i: 1 });

    expect(sink.rows).toHaveLength(2);
  });

  test('hands over the row of a slow step at once', async ({ dir }) => {
    const sink = memorySink();
    await using _run = await openRun({ name: 'fan', root: dir, sinks: [sink] });

    for (const from = Date.now(); Date.now() < from + FLUSH_INTERVAL_MS + 5;);
    logger.log({ epoch: 0 });

    expect(sink.rows).toHaveLength(1);
  });

  test('hands over by a timer when the code yields', async ({ dir }) => {
    const sink = memorySink();
    await using _run = await openRun({ name: 'fan', root: dir, sinks: [sink] });
    logger.log({ i: 0 });

    await vi.waitFor(() => expect(sink.rows).toHaveLength(1), { timeout: 5 * FLUSH_INTERVAL_MS });
  });

  test('does not start a run whose sink cannot open', async ({ dir }) => {
    const sink: Sink = {
      name: 'broken',
      open() {
        throw new Error('no key');
      },
    };

    await expect(openRun({ name: 'fan', root: dir, sinks: [sink] })).rejects.toThrow(
      /broken sink cannot open: no key/,
    );
  });

  test('offers a batch again after a failure, so that a short one costs nothing', async ({
    dir,
  }) => {
    const taken: number[] = [];
    let failures = 2;
    const sink = streamSink('flaky', {
      write(rows) {
        if (failures-- > 0) throw new Error('busy');
        taken.push(...rows.map((row) => row.step));
      },
    });
    const run = await openRun({ name: 'fan', root: dir, sinks: [sink] });

    for (let i = 0; i < 4 * BATCH; i++) logger.log({ i });
    await run.close();

    expect(taken).toEqual(Array.from({ length: 4 * BATCH }, (_, i) => i));
    expect(manifestOf(run.dir)).not.toHaveProperty('degraded');
  });

  test('offers rows again that a file sink failed to encode', async ({ dir }) => {
    let failures = 1;
    const sink: Sink = {
      name: 'encoder',
      open: () => ({
        file: 'steps.txt',
        encode(rows) {
          if (failures-- > 0) throw new Error('not now');
          return { append: rows.map((row) => `${row.step}\n`).join('') };
        },
      }),
    };
    const run = await openRun({ name: 'fan', root: dir, sinks: [sink] });

    for (let i = 0; i < 2 * BATCH; i++) logger.log({ i });
    await run.close();

    const lines = readFileSync(join(run.dir, 'steps.txt'), 'utf8').trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 2 * BATCH }, (_, i) => String(i)));
    expect(manifestOf(run.dir)).not.toHaveProperty('degraded');
  });

  test.for([
    {
      title: 'throws',
      write: () => {
        throw new Error('gone');
      },
    },
    { title: 'rejects', write: () => Promise.reject(new Error('gone')) },
  ])(
    'closes a sink off that always $title, says what it lost, and spares the others',
    async ({ write }, { dir }) => {
      const run = await openRun({
        name: 'fan',
        root: dir,
        sinks: ['csv', streamSink('bad', { write })],
      });

      for (let batch = 0; batch < 8; batch++) {
        for (let i = 0; i < BATCH; i++) logger.log({ i });
        await Promise.resolve();
      }
      await run.close();

      expect(progressOf(run.dir)).toHaveLength(8 * BATCH);
      expect(manifestOf(run.dir)).toMatchObject({
        status: 'completed',
        degraded: [{ sink: 'bad', reason: 'gone', rows: 8 * BATCH }],
      });
    },
  );

  test('gives up on a sink that hangs at the end, and counts what it did not take', async ({
    dir,
  }) => {
    const hanging = streamSink('hanging', { write: () => new Promise<void>(() => {}) });
    const run = await openRun({ name: 'fan', root: dir, sinks: ['csv', hanging] });

    for (let i = 0; i < BATCH + 5; i++) logger.log({ i });
    await run.close();

    expect(progressOf(run.dir)).toHaveLength(BATCH + 5);
    expect(manifestOf(run.dir)).toMatchObject({ degraded: [{ sink: 'hanging', rows: BATCH + 5 }] });
  });

  test('reports a file that was removed while the run wrote it', async ({ dir }) => {
    const run = await openRun({ name: 'fan', root: dir, sinks: ['csv', 'tensorboard'] });
    logger.log({ i: 0 });
    rmSync(join(run.dir, 'progress.csv'));

    for (let i = 0; i < 6 * BATCH; i++) logger.log({ i });
    await run.close();

    const [degraded] = manifestOf(run.dir)['degraded'] as { sink: string; reason: string }[];
    expect(degraded).toMatchObject({
      sink: 'csv',
      reason: expect.stringContaining('was removed') as unknown,
    });
  });
});

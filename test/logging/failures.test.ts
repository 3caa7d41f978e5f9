import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { csvSink } from '../../sinks/csv.ts';
import { tensorboardSink } from '../../sinks/tensorboard.ts';
import { messageOf } from '../../src/core/errors.ts';
import type { MediaRecord } from '../../src/core/media.ts';
import type { Sink, StreamOutput } from '../../src/core/sink.ts';
import { AppendFile } from '../../src/files/append-file.ts';
import { decodeCsv } from '../../src/formats/csv.ts';
import { logger, openRun } from '../../src/index.ts';
import { FanOut } from '../../src/logging/fan-out.ts';
import { MAX_LOAD } from '../../src/logging/load.ts';
import { COMPLETED, rowOf, sinkRun } from '../helpers/sink-run.ts';
import { testOnDisk } from '../helpers/small-disk.ts';
import { manifestOf, progressOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const BATCH = 2_048; // values

function streamSink(name: string, output: StreamOutput): Sink {
  return { name, open: () => output };
}

function stepsIn(dir: string): number[] {
  const text = readFileSync(join(dir, 'progress.csv'), 'utf8');
  return decodeCsv(text).map((row) => Number(row['step']));
}

function image(step: number, bytes: number): MediaRecord {
  const media = { kind: 'image', format: 'png', bytes: new Uint8Array(bytes) } as const;
  return { tag: 'x', step, wallTime: 0, elapsed: 0, media: { ...media, width: 1, height: 1 } };
}

/** A file that takes all the room there is. */
function fillDisk(disk: string): AppendFile {
  const ballast = new AppendFile(join(disk, 'ballast'));
  for (let size = 2 ** 16; size >= 2 ** 12; size /= 2) {
    try {
      for (;;) ballast.append(Buffer.alloc(size));
    } catch {
      // a smaller piece may still fit
    }
  }
  return ballast;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a disk that is full', () => {
  testOnDisk('4m')('for a while costs nothing', async ({ disk }) => {
    const fanOut = new FanOut([csvSink(), tensorboardSink()], sinkRun(disk));
    for (let step = 0; step < BATCH; step++) fanOut.push(rowOf(step, { a: step }));
    const ballast = fillDisk(disk);

    // In more turns than are tried at once, and with a column that comes meanwhile.
    for (let step = BATCH; step < 9 * BATCH; step++) fanOut.push(rowOf(step, { a: 1 }));
    for (let step = 9 * BATCH; step < 10 * BATCH; step++) fanOut.push(rowOf(step, { late: 1 }));
    const meanwhile = stepsIn(disk).length;
    ballast.remove();
    await fanOut.close(COMPLETED);

    expect(meanwhile).toBeLessThan(3 * BATCH);
    expect(fanOut.degraded).toEqual([]);
    expect(stepsIn(disk)).toEqual(range(10 * BATCH));
  });

  testOnDisk('128k')('to the end costs what came after, and is said', async ({ disk }) => {
    const run = await openRun({ name: 'full', root: disk, sinks: ['csv', 'tensorboard'] });
    const rows = 20 * BATCH;
    for (let step = 0; step < rows; step++) logger.log({ a: Math.random() });
    await run.close();

    const kept = progressOf(run.dir).length;
    expect(manifestOf(run.dir)).toMatchObject({
      status: 'completed',
      degraded: [
        { sink: 'csv', rows: rows - kept, reason: expect.stringContaining('ENOSPC') as unknown },
        { sink: 'tensorboard', reason: expect.stringContaining('ENOSPC') as unknown },
      ],
    });
    expect(stepsIn(run.dir)).toEqual(range(kept));
  });
});

describe('a sink that fails', () => {
  test('with its media loses none if it works again', async ({ dir }) => {
    const seen: number[] = [];
    let failures = 12; // more than are tried at once
    const flaky = streamSink('flaky', {
      write: () => {},
      writeMedia({ step }) {
        if (failures-- > 0) throw new Error('busy');
        seen.push(step);
      },
    });
    const fanOut = new FanOut([flaky], sinkRun(dir));

    const until = Date.now() + 20_000;
    let step = 0;
    for (; seen.length === 0 && Date.now() < until; step++) {
      fanOut.pushMedia(image(step, 10));
      await sleep(100);
    }
    await fanOut.close(COMPLETED);

    expect(seen).toEqual(range(step));
    expect(fanOut.degraded).toEqual([]);
  });

  test.for<{ title: string; writeMedia: () => void | Promise<void> }>([
    { title: 'rejects', writeMedia: () => Promise.reject(new Error('no room')) },
    {
      title: 'throws',
      writeMedia: () => {
        throw new Error('no room');
      },
    },
    { title: 'hangs', writeMedia: () => new Promise<void>(() => {}) },
  ])(
    'since it $title is closed off when too many bytes of media wait',
    async ({ writeMedia }, { dir }) => {
      const bad = streamSink('bad', { write: () => {}, writeMedia });
      const fanOut = new FanOut([csvSink(), bad], sinkRun(dir));
      const size = 2 ** 20;
      const most = MAX_LOAD.bytes / size;

      for (let step = 0; step < most + 1; step++) fanOut.pushMedia(image(step, size));

      expect(fanOut.degraded).toMatchObject([{ sink: 'bad', rows: most + 1 }]);
      fanOut.push(rowOf(0, { a: 1 }));
      await fanOut.close(COMPLETED);
      expect(fanOut.degraded).toMatchObject([{ sink: 'bad', rows: most + 2 }]);
      expect(stepsIn(dir)).toEqual([0]);
    },
  );

  test('since it hangs is closed off when too many rows wait', async ({ dir }) => {
    const bad = streamSink('bad', { write: () => new Promise<void>(() => {}) });
    const fanOut = new FanOut([csvSink(), bad], sinkRun(dir));
    const rows = MAX_LOAD.rows + BATCH;

    for (let step = 0; step < rows; step++) fanOut.push(rowOf(step, { a: 1 }));

    expect(fanOut.degraded).toMatchObject([{ sink: 'bad', reason: 'it does not keep up' }]);
    await fanOut.close(COMPLETED);
    expect(fanOut.degraded).toMatchObject([{ sink: 'bad', rows }]);
    expect(stepsIn(dir)).toHaveLength(rows);
  });

  test.for<{ title: string; close: () => void | Promise<void> }>([
    {
      title: 'throws',
      close: () => {
        throw new Error('no end');
      },
    },
    { title: 'rejects', close: () => Promise.reject(new Error('no end')) },
  ])('to close, since it $title, keeps no other from closing', async ({ close }, { dir }) => {
    const bad = streamSink('bad', { write: () => {}, close });
    const run = await openRun({ name: 'fail', root: dir, sinks: [bad, 'csv'] });
    logger.log({ a: 1 });
    await run.close();

    expect(progressOf(run.dir)).toHaveLength(1);
    expect(manifestOf(run.dir)).toMatchObject({
      status: 'completed',
      degraded: [{ sink: 'bad', reason: 'no end', rows: 0 }],
    });
  });
});

describe('permissions that are lost', () => {
  test('cost what came after, in that sink alone, and nothing if they come back', async ({
    dir,
    skip,
  }) => {
    const run = await openRun({ name: 'locked', root: dir, sinks: ['csv', 'tensorboard'] });
    const files = readdirSync(run.dir).map((name) => join(run.dir, name));
    const csv = files.find((file) => file.endsWith('.csv'))!;
    const events = files.find((file) => file.includes('tfevents'))!;
    for (let i = 0; i < BATCH; i++) logger.log({ i });
    try {
      lock(true, csv, events);
    } catch (error) {
      await run.close();
      skip(`a file cannot be made immutable here: ${messageOf(error)}`);
    }

    try {
      for (let i = 0; i < 3 * BATCH; i++) logger.log({ i });
      lock(false, events);
      await run.close();
    } finally {
      lock(false, csv, events);
    }

    expect(manifestOf(run.dir)).toMatchObject({
      status: 'completed',
      degraded: [
        { sink: 'csv', rows: 3 * BATCH, reason: expect.stringContaining('EPERM') as unknown },
      ],
    });
    expect(progressOf(run.dir)).toHaveLength(BATCH);
  });
});

/** Root may write what it has no permission for, but not what is immutable. */
function lock(on: boolean, ...files: string[]): void {
  execFileSync('chattr', [on ? '+i' : '-i', ...files], { stdio: 'pipe' });
}

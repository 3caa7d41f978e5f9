import { describe, expect } from 'vitest';
import type { MediaRecord } from '../../src/core/media.ts';
import type { Row } from '../../src/core/record.ts';
import type { RunEnding, Sink } from '../../src/core/sink.ts';
import { logger, openRun } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

/** What a sink was given, in the order it was. */
function recordingSink(): Sink & { readonly seen: unknown[]; ending?: RunEnding } {
  const seen: unknown[] = [];
  const sink: Sink & { seen: unknown[]; ending?: RunEnding } = {
    name: 'recording',
    seen,
    open: () => ({
      write: (rows: readonly Row[]) => void seen.push(...rows.map(({ step }) => step)),
      writeMedia: ({ tag, step, media }: MediaRecord) => void seen.push([tag, step, media]),
      close: (ending: RunEnding) => void (sink.ending = ending),
    }),
  };
  return sink;
}

const text = (words: string): unknown => ({ kind: 'text', text: words });

describe('media', () => {
  test('reach a sink in the order of the log, under the prefix', async ({ dir }) => {
    const sink = recordingSink();
    const run = await openRun({ name: 'media', root: dir, sinks: [sink] });

    logger.log({ loss: 1 }, { step: 7 });
    logger.prefix('eval', () => logger.text('note', 'after 7'));
    logger.text('note', 'at 3', { step: 3 });
    logger.log({ loss: 1 });
    await run.close();

    expect(sink.seen).toEqual([7, ['eval/note', 7, text('after 7')], ['note', 3, text('at 3')], 8]);
  });

  test('join the pending row and have its step', async ({ dir }) => {
    const sink = recordingSink();
    await using _run = await openRun({ name: 'media', root: dir, sinks: [sink] });

    logger.text('before', 'any row');
    logger.record('loss', 1);
    logger.text('note', 'with the row');
    logger.dump({ step: 40 });

    expect(sink.seen).toEqual([
      ['before', 0, text('any row')],
      40,
      ['note', 40, text('with the row')],
    ]);
  });

  test('are offered again after a failure, between the rows they came between', async ({ dir }) => {
    const seen: unknown[] = [];
    let failures = 1;
    const flaky: Sink = {
      name: 'flaky',
      open: () => ({
        write: (rows) => void seen.push(...rows.map(({ step }) => step)),
        writeMedia({ tag }) {
          if (failures-- > 0) throw new Error('busy');
          seen.push(tag);
        },
      }),
    };
    const run = await openRun({ name: 'media', root: dir, sinks: [flaky] });

    logger.log({ a: 1 });
    logger.text('note', 'x');
    logger.log({ a: 2 });
    await run.close();

    expect(seen).toEqual([0, 'note', 1]);
    expect(manifestOf(run.dir)['degraded']).toBeUndefined();
  });

  test('are counted when a sink loses them', async ({ dir }) => {
    const bad: Sink = {
      name: 'bad',
      open: () => ({
        write: () => {},
        writeMedia() {
          throw new Error('no room');
        },
      }),
    };
    const run = await openRun({ name: 'media', root: dir, sinks: [bad] });

    for (let i = 0; i < 7; i++) logger.text('note', String(i));
    await run.close();

    expect(manifestOf(run.dir)['degraded']).toEqual([{ sink: 'bad', reason: 'no room', rows: 7 }]);
  });
});

describe('the methods of the logger', () => {
  test('give every kind to the sinks, at one step', async ({ dir }) => {
    const sink = recordingSink();
    await openRun({ name: 'media', root: dir, sinks: [sink] }, () => {
      logger.log({ loss: 1 }, { step: 5 });
      logger.histogram('h', [1]);
      logger.image('i', [[1]]);
      logger.video('v', [[[1]]]);
      logger.audio('a', [1], { sampleRate: 1 });
      logger.table('b', []);
      logger.image('later', [[1]], { step: 9 });
    });

    const media = sink.seen.slice(1) as [string, number, { kind: string }][];
    expect(media.map(([tag, step, { kind }]) => [tag, step, kind])).toEqual([
      ['h', 5, 'histogram'],
      ['i', 5, 'image'],
      ['v', 5, 'video'],
      ['a', 5, 'audio'],
      ['b', 5, 'table'],
      ['later', 9, 'image'],
    ]);
  });

  test('refuse what cannot be shown, by its full tag', async ({ dir }) => {
    const sink = recordingSink();
    await openRun({ name: 'media', root: dir, sinks: [sink] }, () => {
      const refused = (): void =>
        logger.prefix('eval', () => logger.image('frame', Uint8Array.of(1, 2)));

      expect(refused).toThrow('The image "eval/frame" is no PNG, JPEG or GIF');
    });
    expect(sink.seen).toEqual([]);
  });
});

describe('the end of a run', () => {
  test('is told to the sinks, with the last value of every tag', async ({ dir }) => {
    const sink = recordingSink();
    const run = await openRun({ name: 'media', root: dir, sinks: [sink] });
    logger.log({ loss: 1 });
    logger.log({ loss: 0.5, accuracy: 0.9 });

    await run.close(new Error('gone wrong'));

    expect(sink.ending?.status).toBe('failed');
    expect(sink.ending?.summary).toEqual({ loss: 0.5, accuracy: 0.9 });
    expect(sink.ending).not.toHaveProperty('objective');
    expect(sink.ending!.endedAt).toBeCloseTo(Date.now() / 1000, 0);
  });

  test('is told with what the objective came to', async ({ dir }) => {
    const sink = recordingSink();
    const objective = { metric: 'score', direction: 'maximize' } as const;

    await openRun({ name: 'media', root: dir, objective, sinks: [sink] }, (run) => {
      logger.log({ score: 1 });
      run.result = { score: 2 };
    });

    expect(sink.ending?.objective).toBe(2);
  });
});

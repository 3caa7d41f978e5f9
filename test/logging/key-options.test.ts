import { describe, expect, vi } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { logged } from '../helpers/logged.ts';
import { memorySink } from '../../src/testing.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a key with a least distance', () => {
  test('is left out of rows that come too soon', async ({ dir }) => {
    const rows = await logged(dir, () => {
      for (let step = 0; step < 7; step++) {
        logger.record('loss', step);
        logger.record('norm', step, { every: 3 });
        logger.dump();
      }
    });

    expect(rows.map((row) => row['norm'])).toEqual([
      0,
      undefined,
      undefined,
      3,
      undefined,
      undefined,
      6,
    ]);
    expect(rows.every((row) => 'loss' in row)).toBe(true);
  });

  test('is measured in steps, not in rows, and starts over when steps go back', async ({ dir }) => {
    const rows = await logged(dir, () => {
      for (const step of [0, 99, 100, 150, 250, 20, 119, 120])
        logger.log({ x: 1 }, { step, every: 100 });
    });

    expect(rows.map(({ step }) => step)).toEqual([0, 100, 250, 20, 120]);
  });

  test('makes no row of nothing, which counts as a step all the same', async ({ dir }) => {
    const rows = await logged(dir, () => {
      for (let i = 0; i < 250; i++) logger.log({ x: i }, { every: 100 });
    });

    expect(rows).toEqual([
      { step: 0, x: 0 },
      { step: 100, x: 100 },
      { step: 200, x: 200 },
    ]);
  });

  test('has its own distance for each tag', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.log({ a: 1 }, { every: 2 });
      logger.log({ a: 1, b: 1 }, { every: 2 });
      logger.prefix('p', () => logger.log({ a: 1 }, { every: 10 }));
    });

    expect(rows).toEqual([
      { step: 0, a: 1 },
      { step: 1, b: 1 },
      { step: 2, 'p/a': 1 },
    ]);
  });
});

describe('a key that is kept from a sink', () => {
  test('reaches all others, and the summary', async ({ dir }) => {
    const [file, screen] = [memorySink('file'), memorySink('screen')];
    const run = await openRun({ name: 'exclude', root: dir, sinks: [file, screen] }, () => {
      logger.record('loss', 1);
      logger.record('norm', 2, { exclude: ['screen'] });
      logger.dump();
      logger.log({ loss: 3, norm: 4 }, { exclude: { norm: ['screen'] } });
      logger.log({ norm: 5 }, { exclude: ['screen'] });
      logger.log({ loss: 6 });
    });

    expect(file.table()).toEqual([
      { step: 0, loss: 1, norm: 2 },
      { step: 1, loss: 3, norm: 4 },
      { step: 2, norm: 5 },
      { step: 3, loss: 6 },
    ]);
    expect(screen.table()).toEqual([
      { step: 0, loss: 1 },
      { step: 1, loss: 3 },
      { step: 3, loss: 6 },
    ]);
    expect(run.summary['norm']).toBe(5);
  });

  test('is a matter of the tag, also of statistics and in prefixes', async ({ dir }) => {
    const screen = memorySink('screen');
    await openRun({ name: 'exclude', root: dir, sinks: [screen] }, () => {
      logger.prefix('p', () => logger.recordStat('x', [1], { exclude: ['screen'] }));
      logger.recordMean('m', 1, { exclude: ['screen'] });
      logger.record('y', 1);
    });

    expect(screen.table()).toEqual([{ step: 0, y: 1 }]);
  });
});

describe('the sinks a key is kept from', () => {
  test('are said once if they seem to be misspelt, and may be ones the run goes without', async ({
    dir,
  }) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const sinks = [memorySink('losses')];
      await openRun({ name: 'exclude', root: dir, sinks }, () => {
        for (let i = 0; i < 3; i++) {
          logger.log({ a: i, b: i, c: i }, { exclude: { a: ['loses'], b: ['stdout', 'remote'] } });
          logger.record('d', i, { exclude: ['stdou'] });
          logger.dump();
        }
      });
      expect(write.mock.calls.map(([text]) => String(text))).toEqual([
        expect.stringContaining('"a" is to be kept from the sink "loses", and there is none. Did'),
        expect.stringContaining('Did you mean "stdout"?'),
      ]);
    } finally {
      write.mockRestore();
    }
  });
});

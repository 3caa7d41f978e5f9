import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, vi } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { logged } from '../helpers/logged.ts';
import { memorySink } from '../../src/testing.ts';
import { test } from '../helpers/temp-dir.ts';

describe('logger.recordStat', () => {
  test('records mean, std, min, max, median and count of values', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.prefix('train', () => logger.recordStat('return', [1, 3]));
      logger.recordStat('length', new Float32Array([2]), { ddof: 1 });
    });

    expect(rows).toEqual([
      {
        step: 0,
        'train/return/mean': 2,
        'train/return/std': 1,
        'train/return/min': 1,
        'train/return/max': 3,
        'train/return/median': 2,
        'train/return/count': 2,
        'length/mean': 2,
        'length/min': 2,
        'length/max': 2,
        'length/median': 2,
        'length/count': 1,
      },
    ]);
  });

  test.for([
    { values: null, got: 'in an array or the like, got null' },
    { values: 3, got: 'in an array or the like, got 3' },
    { values: { shape: [2] }, got: 'in an array or the like, got an object' },
    { values: [1, '2'], got: ', got "2" at 1' },
  ])('refuses statistics of $values', async ({ values, got }, { dir }) => {
    await logged(dir, () => {
      const record = (): void => logger.recordStat('reward', values as never);

      expect(record).toThrow(got);
      expect(record).toThrow('The values of "reward" must be numbers');
    });
  });

  test('leaves the statistics of nothing empty, and counts NaN apart', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.recordStat('none', []);
      logger.recordStat('some', [Number.NaN, 4]);
    });

    expect(rows[0]).toMatchObject({ 'none/count': 0, 'some/mean': 4, 'some/nan': 1 });
    expect(Object.keys(rows[0]!)).not.toContain('none/mean');
  });
});

describe('logger.recordMean', () => {
  test('is the mean of the values since the last row', async ({ dir }) => {
    const rows = await logged(dir, () => {
      for (const batch of [[1, 2], [10], [Number.NaN, 4], [Number.NaN]]) {
        for (const loss of batch) logger.recordMean('loss', loss);
        logger.dump();
      }
    });

    expect(rows.map(({ loss }) => loss)).toEqual([1.5, 10, 4, Number.NaN]);
  });

  test('with a window appears once the window is full, and skips NaN', async ({ dir }) => {
    const rows = await logged(dir, () => {
      [1, 2, Number.NaN, 3, 7].forEach((value, i) => {
        logger.recordMean('return', value, { window: 3 });
        logger.record('i', i);
        logger.dump();
      });
    });

    expect(rows.map((row) => row['return'])).toEqual([undefined, undefined, undefined, 2, 4]);
  });

  test('counts the steps of rows in which nothing appears yet', async ({ dir }) => {
    const rows = await logged(dir, () => {
      for (const value of [1, 2, 3]) {
        logger.recordMean('return', value, { window: 2 });
        logger.dump();
      }
    });

    expect(rows).toEqual([
      { step: 1, return: 1.5 },
      { step: 2, return: 2.5 },
    ]);
  });

  test('equals the mean of the newest values, whatever came before', async ({ dir }) => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: false }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(values, fc.integer({ min: 1, max: 6 }), async (list, window) => {
        const rows = await logged(dir, () => {
          for (const value of list) logger.recordMean('x', value, { window });
        });
        const numbers = list.filter((value) => !Number.isNaN(value)).slice(-window);
        const full = numbers.length === window;
        const expected = numbers.reduce((sum, value) => sum + value, 0) / window;
        expect(rows[0]?.['x']).toEqual(full ? expected : undefined);
      }),
      { numRuns: 30 },
    );
  });

  test('has windows of each run and each tag', async ({ dir }) => {
    const run = (first: number): Promise<unknown> =>
      logged(dir, async () => {
        const fold = logger.child('fold');
        for (let i = 0; i < 2; i++) {
          logger.recordMean('x', first + i, { window: 2 });
          fold.recordMean('x', 100 + first + i, { window: 2 });
          await turn();
        }
        logger.dump();
      });

    const [one, two] = await Promise.all([run(1), run(11)]);

    expect(one).toEqual([
      { step: 0, x: 1.5 },
      { step: 1, 'fold/x': 101.5 },
    ]);
    expect(two).toEqual([
      { step: 0, x: 11.5 },
      { step: 1, 'fold/x': 111.5 },
    ]);
  });

  test.for([
    { title: 'text for a value', call: () => logger.recordMean('x', '1' as never) },
    { title: 'an empty window', call: () => logger.recordMean('x', 1, { window: 0 }) },
    { title: 'a broken window', call: () => logger.recordMean('x', 1, { window: 1.5 }) },
    { title: 'a count of NaN', call: () => logger.count('x', Number.NaN) },
    { title: 'a distance of 0', call: () => logger.record('x', 1, { every: 0 }) },
    {
      title: 'sinks that are no list',
      call: () => logger.log({ x: 1 }, { exclude: 'csv' as never }),
    },
    { title: 'the name of a column every row has', call: () => logger.count('step') },
  ])('and its kin refuse $title', async ({ call }, { dir }) => {
    await logged(dir, () => {
      expect(call).toThrow(expect.objectContaining({ code: 'EXP_LOG' }));
    });
  });
});

describe('logger.time', () => {
  test('records seconds in the row, in total, and their share since the last row', async ({
    dir,
  }) => {
    const rows = await logged(dir, async () => {
      for (let i = 0; i < 2; i++) {
        expect(logger.time('fast', () => 'result')).toBe('result');
        const result = await logger.time('rollout', async () => {
          await sleep(20);
          return 7;
        });
        expect(result).toBe(7);
        logger.dump();
      }
    });

    const [first, second] = rows as Record<string, number>[];
    expect(first!['time/rollout']).toBeGreaterThan(0.018);
    expect(first!['time/rollout/share']).toBeGreaterThan(0.5);
    expect(first!['time/rollout/share']).toBeLessThanOrEqual(1.01);
    expect(first!['time/fast']).toBeLessThan(first!['time/rollout']!);
    expect(second!['time/rollout/total']).toBeCloseTo(
      first!['time/rollout']! + second!['time/rollout']!,
      7,
    );
  });

  test('counts a call that throws or rejects, and passes the error on', async ({ dir }) => {
    const rows = await logged(dir, async () => {
      const fail = (): never => {
        throw new Error('left');
      };
      expect(() => logger.time('a', fail)).toThrow('left');
      await expect(logger.time('b', async () => fail())).rejects.toThrow('left');
    });

    expect(rows[0]).toMatchObject({ 'time/a': expect.any(Number), 'time/b': expect.any(Number) });
  });

  test('waits for dump, and leaves rows of log as they are', async ({ dir }) => {
    const rows = await logged(dir, () => {
      logger.time('a', () => {});
      logger.log({ loss: 1 });
      logger.dump();
      logger.dump();
    });

    expect(rows).toEqual([{ step: 0, loss: 1 }, expect.objectContaining({ step: 1 })]);
    expect(rows[1]).toHaveProperty('time/a');
  });

  test('calls the function outside of runs as well', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      expect(logger.time('a', () => 3)).toBe(3);
    } finally {
      write.mockRestore();
    }
  });
});

describe('logger.count', () => {
  test('records the sum over the run and the rate since the last row', async ({ dir }) => {
    const rows = await logged(dir, async () => {
      for (let i = 0; i < 2; i++) {
        for (let n = 0; n < 10; n++) logger.count('env_steps', 32);
        logger.count('episodes');
        await sleep(10);
        logger.dump();
      }
      logger.record('x', 1);
    });

    expect(rows.map((row) => row['env_steps'])).toEqual([320, 640, undefined]);
    expect(rows.map((row) => row['episodes'])).toEqual([1, 2, undefined]);
    const rate = rows[0]!['env_steps/per_second'] as number;
    expect(rate).toBeGreaterThan(0);
    expect(rate).toBeLessThan(320 / 0.009);
    expect(rows[0]!['episodes/per_second']).toBeCloseTo(rate / 320, 6);
  });
});

describe('what the rows of a run carry on', () => {
  test('is a plain value, with which another run goes on where it was', async ({ dir }) => {
    const work = (from: number, to: number): void => {
      for (let i = from; i < to; i++) {
        logger.recordMean('return', i, { window: 3 });
        logger.count('frames', 10);
        logger.record('norm', i, { every: 4 });
        logger.record('i', i);
        logger.dump();
      }
    };
    const stable = (rows: Record<string, unknown>[]): unknown[] =>
      rows.map(({ 'frames/per_second': _, ...row }) => row);
    const whole = await logged(dir, () => work(0, 10));

    const sink = memorySink();
    const first = await openRun({ name: 'first', root: dir, sinks: [sink] }, () => work(0, 5));
    const saved = JSON.stringify(first.rows.state());
    await openRun({ name: 'second', root: dir, sinks: [sink] }, (run) => {
      run.rows.restore(JSON.parse(saved));
      work(5, 10);
    });

    expect(stable(sink.table())).toEqual(stable(whole));
    expect(JSON.parse(saved)).toMatchObject({ step: 4, totals: { frames: 50 } });
  });

  test('is a copy: what is saved does not change any more', async ({ dir }) => {
    await openRun({ name: 'copy', root: dir, sinks: [] }, (run) => {
      logger.recordMean('x', 1, { window: 2 });
      const saved = run.rows.state();
      run.rows.restore(saved);
      logger.recordMean('x', 2, { window: 2 });

      expect(saved.windows).toEqual({ x: [1] });
      expect(run.rows.state().windows).toEqual({ x: [1, 2] });
    });
  });
});

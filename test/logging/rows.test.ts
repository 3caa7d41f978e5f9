import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, vi } from 'vitest';
import { experiment, logger, openRun } from '../../src/index.ts';
import { logged } from '../helpers/logged.ts';
import { memorySink } from '../../src/testing.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a row', () => {
  test('has one step and one time for all sinks', async ({ dir }) => {
    const [one, two] = [memorySink('one'), memorySink('two')];
    await openRun({ name: 'rows', root: dir, sinks: [one, two] }, () => {
      logger.log({ a: 1 }, { step: 7 });
      logger.log({ a: 2 });
    });

    expect(one.rows.map(({ step }) => step)).toEqual([7, 8]);
    expect(two.rows).toEqual(one.rows);
  });

  test('says when it was written, since 1970 and since the run began', async ({ dir }) => {
    const sink = memorySink();
    const before = Date.now() / 1000;
    await openRun({ name: 'rows', root: dir, sinks: [sink] }, () => {
      logger.log({ a: 1 });
      logger.log({ a: 2 });
    });
    const after = Date.now() / 1000;

    const [first, second] = sink.rows;
    expect(first!.wallTime).toBeGreaterThanOrEqual(before);
    expect(second!.wallTime).toBeLessThanOrEqual(after);
    expect(first!.elapsed).toBeGreaterThanOrEqual(0);
    expect(second!.elapsed).toBeGreaterThanOrEqual(first!.elapsed);
    expect(second!.elapsed).toBeLessThanOrEqual(after - before + 0.01);
  });

  test('leaves the cells of other frequencies empty, never zero', async ({ dir }) => {
    const run = await openRun({ name: 'rows', root: dir, sinks: ['csv'] }, () => {
      for (let step = 0; step < 4; step++) {
        logger.prefix('train', () => logger.record('loss', step));
        if (step % 2 === 0) logger.prefix('eval', () => logger.record('loss', step));
        logger.dump({ step });
      }
    });

    const rows: Record<string, string>[] = parse(readFileSync(join(run.dir, 'progress.csv')), {
      columns: true,
    });
    expect(Object.keys(rows[0]!).slice(0, 3)).toEqual(['step', 'wall_time', 'elapsed']);
    expect(rows.map((row) => row['train/loss'])).toEqual(['0', '1', '2', '3']);
    expect(rows.map((row) => row['eval/loss'])).toEqual(['0', '', '2', '']);
  });

  test.for([
    { given: 'a name', metrics: 'loss', got: '"loss"' },
    { given: 'nothing', metrics: undefined, got: 'undefined' },
    { given: 'null', metrics: null, got: 'null' },
    { given: 'a list', metrics: [1, 2], got: 'a list or map' },
    { given: 'a map', metrics: new Map([['loss', 1]]), got: 'a list or map' },
  ])('refuses $given in place of metrics by name', async ({ metrics, got }, { dir }) => {
    const rows = await logged(dir, () => {
      expect(() => logger.log(metrics as never)).toThrow(
        `logger.log() takes metrics by name, such as { loss: 0.5 }, got ${got}.`,
      );
    });

    expect(rows).toEqual([]);
  });

  test('says once that a key was recorded twice, and keeps the last', async ({ dir }) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const rows = await logged(dir, () => {
        for (let i = 0; i < 3; i++) {
          logger.record('twice', i);
          logger.record('twice', i + 10);
          logger.dump();
        }
      });
      const said = write.mock.calls.map(([text]) => String(text));

      expect(rows.map(({ twice }) => twice)).toEqual([10, 11, 12]);
      expect(said.filter((text) => text.includes('"twice" was recorded twice'))).toHaveLength(1);
    } finally {
      write.mockRestore();
    }
  });

  test('goes nowhere outside a run, which is said once, with the way to get one', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      for (let i = 0; i < 3; i++) logger.recordMean('lonely', 1);
      const said = write.mock.calls.map(([text]) => String(text));

      expect(said).toEqual([
        expect.stringMatching(
          /warn +logger\.recordMean\(\) was called outside a run.* openRun\(\)/,
        ),
      ]);
    } finally {
      write.mockRestore();
    }
  });

  test('that cannot be written at the end of the run is said, and the run ends well', async ({
    dir,
  }) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const run = await openRun({ name: 'rows', root: dir, sinks: [], stepMetric: 'n' }, () =>
        logger.record('n', 0.5),
      );

      expect(run.status).toBe('completed');
      expect(write.mock.calls.join('')).toMatch(/last row of the run is lost: "n" is the step/);
    } finally {
      write.mockRestore();
    }
  });
});

describe('a step metric', () => {
  test('gives a row that has it its step, and other rows the last one', async ({ dir }) => {
    const rows = await logged(
      dir,
      () => {
        logger.log({ early: 1 });
        logger.log({ env_steps: 128, loss: 1 });
        logger.log({ loss: 2 });
        logger.record('env_steps', 256);
        logger.dump();
        logger.record('accuracy', 0.5);
        logger.dump();
        logger.log({ loss: 3 }, { step: 300 });
      },
      { stepMetric: 'env_steps' },
    );

    expect(rows).toEqual([
      { step: 0, early: 1 },
      { step: 128, env_steps: 128, loss: 1 },
      { step: 128, loss: 2 },
      { step: 256, env_steps: 256 },
      { step: 256, accuracy: 0.5 },
      { step: 300, loss: 3 },
    ]);
  });

  test('is a full tag, and a counter can be one', async ({ dir }) => {
    const rows = await logged(
      dir,
      () => {
        for (let i = 0; i < 2; i++) {
          logger.prefix('train', () => logger.count('frames', 100));
          logger.record('env_steps', i);
          logger.dump();
        }
      },
      { stepMetric: 'train/frames' },
    );

    expect(rows.map(({ step }) => step)).toEqual([100, 200]);
  });

  test.for([
    { title: 'a fraction', value: 0.5 },
    { title: 'NaN', value: Number.NaN },
    { title: 'text', value: '3' },
    { title: 'a number that is not exact', value: 2 ** 60 },
  ])('refuses $title', async ({ value }, { dir }) => {
    const rows = await logged(
      dir,
      () => {
        expect(() => logger.log({ n: value })).toThrow(
          expect.objectContaining({
            code: 'EXP_LOG',
            message: `"n" is the step of a row and must be a whole number, got ${value}.`,
          }),
        );
      },
      { stepMetric: 'n' },
    );

    expect(rows).toEqual([]);
  });

  test('refuses a step beside it that says something else', async ({ dir }) => {
    await logged(
      dir,
      () => {
        logger.log({ n: 3 }, { step: 3 });
        expect(() => logger.log({ n: 3 }, { step: 4 })).toThrow(/step 4 and "n" 3.*Leave one out/);
      },
      { stepMetric: 'n' },
    );
  });

  test('leaves a row that was refused under construction', async ({ dir }) => {
    const rows = await logged(
      dir,
      () => {
        logger.record('loss', 1);
        logger.record('n', 0.5);
        expect(() => logger.dump()).toThrow('must be a whole number');
        logger.record('n', 5);
        logger.dump();
      },
      { stepMetric: 'n' },
    );

    expect(rows).toEqual([{ step: 5, loss: 1, n: 5 }]);
  });

  test('can be chosen by an experiment, and stands in the manifest', async ({ dir }) => {
    const sink = memorySink();
    const steps = experiment({ name: 'metric-steps', stepMetric: 'n', sinks: [sink] }, () => {
      logger.log({ n: 40 });
    });

    const run = await steps.run({}, { root: dir });

    expect(sink.rows[0]!.step).toBe(40);
    expect(manifestOf(run.dir)).toMatchObject({ stepMetric: 'n', step: 40 });
  });
});

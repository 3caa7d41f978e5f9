import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { memorySink } from '../../src/testing.ts';
import { test } from '../helpers/temp-dir.ts';

describe('using logger.prefix', () => {
  test('puts the prefix before tags until the end of the block', async ({ dir }) => {
    const sink = memorySink();
    {
      await using _run = await openRun({ name: 'frames', root: dir, sinks: [sink] });
      {
        using _outer = logger.prefix('outer');
        {
          using _inner = logger.prefix('inner');
          logger.log({ a: 1 });
        }
        logger.log({ a: 2 });
      }
      logger.log({ a: 3 });
    }

    expect(sink.table()).toEqual([
      { step: 0, 'outer/inner/a': 1 },
      { step: 1, 'outer/a': 2 },
      { step: 2, a: 3 },
    ]);
  });

  test('fails the run when it crosses an await, naming the prefix and the way out', async ({
    dir,
  }) => {
    const crossing = async (): Promise<void> => {
      using _ = logger.prefix('train');
      await turn();
    };
    const run = await openRun({ name: 'frames', root: dir, sinks: [] });

    await expect(crossing()).rejects.toThrow(/logger\.prefix\("train"\) crossed an await/);
    await run.close();

    expect(manifestOf(run.dir)).toMatchObject({ status: 'failed', error: { code: 'EXP_PREFIX' } });
  });

  test('reports blocks that end out of order, naming both', async ({ dir }) => {
    await using _run = await openRun({ name: 'frames', root: dir, sinks: [] });
    const first = logger.prefix('first');
    const second = logger.prefix('second');

    expect(() => first[Symbol.dispose]()).toThrow(/"first" ended while "first\/second" was/);
    expect(() => second[Symbol.dispose]()).toThrow(/"second" ended/);
  });

  test('does nothing outside a run', () => {
    const block = (): void => {
      using _ = logger.prefix('nowhere');
    };

    expect(block).not.toThrow();
  });
});

import { describe, expect } from 'vitest';
import { experiment, logger, RunInterrupt, runExperiment } from '../../src/index.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

class Diverged extends RunInterrupt {
  override status = 'diverged';
}

const stopping = experiment({ name: 'stopping', sinks: ['csv'] }, (run) => {
  run.result = { loss: 2 };
  logger.log({ loss: 2 });
  run.stop('loss is flat');
});
const diverging = experiment({ name: 'diverging', sinks: ['csv'] }, () => {
  throw new Diverged('loss is NaN');
});
const throwing = experiment({ name: 'throwing', sinks: ['csv'] }, () => {
  logger.record('loss', 3);
  throw new TypeError('no such layer');
});
const odd = experiment({ name: 'odd', sinks: [] }, () => {
  const circular: Record<string, unknown> = { nan: Number.NaN };
  circular['self'] = circular;
  return circular;
});

describe('the ending of a run', () => {
  test('is completed, with the reason and the interim result, after run.stop', async ({ dir }) => {
    const run = await stopping.run({}, { root: dir });

    expect(run.signal.aborted).toBe(true);
    expect(manifestOf(run.dir)).toMatchObject({
      status: 'completed',
      stopReason: 'loss is flat',
      result: { loss: 2 },
    });
  });

  test("is the word of the user's own interrupt class", async ({ dir }) => {
    await expect(diverging.run({}, { root: dir })).rejects.toThrow('loss is NaN');

    const [run] = runDirs(dir, 'diverging');
    expect(manifestOf(run!)).toMatchObject({ status: 'diverged', stopReason: 'loss is NaN' });
  });

  test('is failed when main throws: the error is recorded, passed on, and no row is lost', async ({
    dir,
  }) => {
    await expect(runExperiment(throwing, {}, { root: dir })).rejects.toThrow(TypeError);

    const [run] = runDirs(dir, 'throwing');
    expect(manifestOf(run!)).toMatchObject({
      status: 'failed',
      error: {
        message: 'no such layer',
        stack: expect.stringContaining('ending.test.ts') as unknown,
      },
      attempts: [{ status: 'failed' }],
    });
    expect(progressOf(run!)).toMatchObject([{ loss: '3' }]);
  });

  test('keeps a result that JSON cannot hold as text', async ({ dir }) => {
    const run = await odd.run({}, { root: dir });

    expect(manifestOf(run.dir)['result']).toContain('[Circular *1]');
  });
});

import { describe, expect } from 'vitest';
import { logger, openRun, stdoutSink } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

/** Logs in a run with the table alone, and returns what it printed and recorded. */
async function printed(root: string, everyMs: number, work: () => void) {
  let text = '';
  const stream = { write: (more: string) => (text += more) };
  const sinks = [stdoutSink({ stream, everyMs })];
  const run = await openRun({ name: 'table', root, sinks }, work);
  return {
    lines: text
      .replace(/\d+\.\d s/g, 'T')
      .split('\n')
      .slice(0, -1),
    run,
  };
}

describe('the table on stdout', () => {
  test('has a line for the step and one for every group, names aligned', async ({ dir }) => {
    const { lines } = await printed(dir, 0, () => {
      logger.log({ lr: 0.1 });
      logger.log({ 'train/loss': 1 / 3, 'eval/loss': 2, 'train/done': true });
    });

    expect(lines).toEqual([
      'step 0  T  lr 0.1',
      'step 1  T',
      '  train  loss 0.3333  done true',
      '  eval   loss 2',
    ]);
  });

  test('shows the first row of a fast loop and its last', async ({ dir }) => {
    const { lines } = await printed(dir, 60_000, () => {
      for (let i = 0; i < 5000; i++) logger.log({ i });
    });

    expect(lines).toEqual(['step 0  T  i 0', 'step 4999  T  i 4999']);
  });

  test('takes every kind of value, a date that is none among them', async ({ dir }) => {
    const { lines, run } = await printed(dir, 0, () =>
      logger.log({ at: new Date(Number.NaN), big: 2n ** 70n, gone: Number.NaN, text: 'a b' }),
    );

    expect(lines).toEqual(['step 0  T  at nan  big 1180591620717411303424  gone NaN  text a b']);
    expect(manifestOf(run.dir)).not.toHaveProperty('degraded');
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { StoredRun } from '../../src/store/stored-run.ts';
import { test } from '../helpers/temp-dir.ts';

describe('StoredRun.readLastMetrics', () => {
  test('has the last value of every metric of a run that is over, however early it was', async ({
    dir,
  }) => {
    const run = await openRun({ name: 'metrics', root: dir, sinks: ['csv'] }, () => {
      logger.log({ early: Number.NaN });
      for (let i = 0; i < 20_000; i++) logger.log({ late: i / 3 });
    });

    expect(new StoredRun(run.dir).readLastMetrics()).toEqual({
      step: 20_000,
      early: Number.NaN,
      late: 19_999 / 3,
    });
  });

  test('reads the newest rows of a run that was cut off, texts of several lines among them', async ({
    dir,
  }) => {
    const run = await openRun({ name: 'metrics', root: dir, sinks: ['csv'] }, () => {
      for (let i = 0; i < 20_000; i++) logger.log({ i, note: 'a\nlong, "quoted"\ntext' });
    });
    const path = join(run.dir, 'run.json');
    const { summary: _, ...killed } = JSON.parse(readFileSync(path, 'utf8')) as {
      summary: unknown;
    };
    writeFileSync(path, JSON.stringify(killed));

    expect(new StoredRun(run.dir).readLastMetrics()).toMatchObject({
      step: 19_999,
      i: 19_999,
      note: 'a\nlong, "quoted"\ntext',
    });
  });
});

import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { identify } from '../../src/store/process-identity.ts';
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

describe('StoredRun.status', () => {
  const now = (): number => Date.now() / 1000;
  const elsewhere = { pid: 1, host: 'another-host', startTicks: 1, bootId: 'its-own' };

  test.for([
    ['running', 'whose process works', identify(), undefined],
    ['lost', 'whose machine was started anew', { ...identify(), bootId: 'before' }, undefined],
    ['lost', 'whose pid another process has', { ...identify(), startTicks: 1 }, undefined],
    ['running', 'of another host whose heart beats', elsewhere, now() - 5],
    ['lost', 'of another host that has been silent for long', elsewhere, now() - 300],
    ['lost', 'of another host without a heartbeat', elsewhere, undefined],
  ] as const)('is %s for a run %s', ([status, , process, beatAt], { dir }) => {
    const run = join(dir, 'run');
    mkdirSync(run);
    const attempts = [{ process, startedAt: new Date().toISOString(), status: 'running' }];
    const manifest = { format: 1, id: 'run', experiment: 'toy', status: 'running', attempts };
    writeFileSync(join(run, 'run.json'), JSON.stringify(manifest));
    if (beatAt !== undefined) {
      writeFileSync(join(run, 'heartbeat'), '');
      utimesSync(join(run, 'heartbeat'), beatAt, beatAt);
    }

    expect(new StoredRun(run).status).toBe(status);
  });
});

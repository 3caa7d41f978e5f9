import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Manifest, ProcessIdentity } from '../../src/core/manifest.ts';
import type { RunSpec } from '../../src/core/run-spec.ts';
import type { SinkChoice } from '../../src/core/sink.ts';
import { logger, openRun } from '../../src/index.ts';
import { listRunDirs } from '../../src/store/find-runs.ts';
import { readManifest, writeManifest } from '../../src/store/manifest-file.ts';
import { identify } from '../../src/store/process-identity.ts';
import { createRunDir } from '../../src/store/run-dir.ts';
import { prepareRunDir, startOver } from '../../src/store/start-over.ts';
import { start } from '../helpers/run-exp.ts';
import { specOf } from '../helpers/spec.ts';
import { test } from '../helpers/temp-dir.ts';

describe('startOver', () => {
  test('puts what the attempt left aside, and keeps what was planned', async ({ dir }) => {
    const run = await failedRun(dir);
    writeFileSync(join(run, 'notes.txt'), 'mine');
    writeFileSync(join(run, 'progress.csv.late.tmp'), 'half of a copy');
    mkdirSync(join(run, 'files'));
    writeFileSync(join(run, 'files.jsonl'), '');
    const config = readFileSync(join(run, 'config.json'), 'utf8');

    startOver(run);

    expect(readdirSync(run).sort()).toEqual(['attempts', 'config.json', 'notes.txt', 'run.json']);
    expect(readdirSync(join(run, 'attempts/1')).sort()).toEqual([
      'artifacts',
      'environment.json',
      'files',
      'files.jsonl',
      'heartbeat',
      'media.jsonl',
      'metrics.jsonl',
      'output.log',
      'progress.csv',
    ]);
    expect(readFileSync(join(run, 'config.json'), 'utf8')).toBe(config);
  });

  test('of a run that goes on keeps what is missing in its sinks, and the runs inside', async ({
    dir,
  }) => {
    const run = await failedRun(dir);
    const kept = {
      degraded: [{ sink: 'csv', reason: 'no room', rows: 3 }],
      children: ['20260101-000000-000_abcdef'],
    };
    const before = { ...readManifest(run), ...kept };
    writeManifest(run, before);
    const resume = { step: 0, row: 0, kept: {}, elapsed: 0 };

    const queued = startOver(run, specOf({ id: before.id, dir: run, resume }));

    expect(queued).toMatchObject(kept);
    expect(queued).not.toHaveProperty('summary');
    expect(existsSync(join(run, 'progress.csv'))).toBe(true);
    expect(existsSync(join(run, 'attempts/1/output.log'))).toBe(true);
  });

  test('queues the run again, with its attempts and without what came of it', async ({ dir }) => {
    const run = await failedRun(dir);
    const { id, seed, createdAt, attempts } = readManifest(run);

    const queued = startOver(run);

    expect(readManifest(run)).toEqual(queued);
    expect(queued).toMatchObject({ status: 'queued', id, seed, createdAt, attempts });
    expect(queued).toMatchObject({ launcher: identify(), attempts: [{ reason: 'on purpose' }] });
    for (const key of ['error', 'stopReason', 'summary', 'step', 'elapsed', 'endedAt', 'reads']) {
      expect(queued).not.toHaveProperty(key);
    }
  });

  test('keeps the event files of a run that has its scalars nowhere else', async ({ dir }) => {
    const run = await failedRun(dir, ['tensorboard']);

    startOver(run);

    expect(readdirSync(run).filter((name) => name.includes('tfevents'))).toEqual([]);
    expect(readdirSync(join(run, 'attempts/1')).join()).toContain('tfevents');
  });

  test('counts attempts, so that none takes the place of another', async ({ dir }) => {
    const run = await failedRun(dir);
    for (const text of ['second', 'third']) {
      startOver(run);
      writeManifest(run, settledAs('failed', startedBy(readManifest(run), identify())));
      writeFileSync(join(run, 'progress.csv'), text);
    }

    startOver(run);

    expect(readdirSync(join(run, 'attempts'))).toEqual(['1', '2', '3']);
    expect(readFileSync(join(run, 'attempts/3/progress.csv'), 'utf8')).toBe('third');
    expect(readManifest(run).attempts).toHaveLength(3);
  });

  test('gives an end to an attempt whose process is gone', async ({ dir }) => {
    const run = queuedRun(dir);
    writeManifest(run, startedBy(readManifest(run), await goneProcess()));

    expect(startOver(run).attempts).toMatchObject([
      {
        status: 'interrupted',
        reason: 'its process was gone',
        endedAt: expect.any(String) as string,
      },
    ]);
  });

  test('takes a run whose launcher died before it started for an attempt', async ({ dir }) => {
    const run = queuedRun(dir);
    const launcher = await goneProcess();
    writeManifest(run, { ...readManifest(run), launcher });

    expect(startOver(run).attempts).toMatchObject([
      { process: launcher, status: 'interrupted', reason: 'its launcher was gone' },
    ]);
  });

  test('does not take a launcher that is gone for itself where it has got its pid', ({ dir }) => {
    const run = queuedRun(dir);
    const launcher = { ...identify(), bootId: 'before' };
    writeManifest(run, { ...readManifest(run), launcher });

    expect(startOver(run).attempts).toMatchObject([
      { process: launcher, status: 'interrupted', reason: 'its launcher was gone' },
    ]);
  });

  test('can be done again when it was cut short', async ({ dir }) => {
    const run = await failedRun(dir);
    const whole = join(dir, 'whole');
    cpSync(run, whole, { recursive: true });
    startOver(whole);
    // Everything has moved but the manifest, as if the process had been killed just there.
    const cut = join(dir, 'cut');
    cpSync(run, cut, { recursive: true });
    mkdirSync(join(cut, 'attempts/1'), { recursive: true });
    cpSync(join(cut, 'progress.csv'), join(cut, 'attempts/1/progress.csv'));
    for (const name of ['progress.csv', 'heartbeat']) rmSync(join(cut, name));

    startOver(cut);

    expect(readManifest(cut)).toEqual(readManifest(whole));
    expect(readdirSync(cut)).toEqual(readdirSync(whole));
    expect(readFileSync(join(cut, 'attempts/1/progress.csv'), 'utf8')).toContain('loss');
  });

  test('refuses a run whose process is alive, and leaves it as it is', ({ dir }) => {
    const run = queuedRun(dir);
    const running = startedBy(readManifest(run), identify(process.ppid));
    writeManifest(run, running);
    writeFileSync(join(run, 'progress.csv'), 'rows');

    expect(() => startOver(run)).toThrow(
      expect.objectContaining({
        code: 'EXP_USAGE',
        message: expect.stringContaining(`is running, by process ${process.ppid}`) as string,
      }) as Error,
    );
    expect(readManifest(run)).toEqual(running);
    expect(existsSync(join(run, 'progress.csv'))).toBe(true);
  });

  test('refuses a run that another launcher is about to start', ({ dir }) => {
    const run = queuedRun(dir);
    writeManifest(run, { ...readManifest(run), launcher: identify(process.ppid) });

    expect(() => startOver(run)).toThrow(/is queued, by process/);
  });

  test('refuses a run that has completed', async ({ dir }) => {
    const run = await openRun({ name: 'toy', root: dir }, () => undefined);

    expect(() => startOver(run.dir)).toThrow(/has completed: there is nothing to resume/);
  });

  test('leaves one run where there was one', async ({ dir }) => {
    const run = await failedRun(dir);

    startOver(run);

    expect(listRunDirs(dir)).toEqual([run]);
  });
});

describe('prepareRunDir', () => {
  test('makes a directory, and starts over the run that is there', ({ dir }) => {
    const spec = specIn(dir);

    expect(prepareRunDir(spec)).toMatchObject({ status: 'queued', attempts: [] });
    writeManifest(spec.dir, settledAs('timeout', startedBy(readManifest(spec.dir), identify())));

    expect(prepareRunDir(spec)).toMatchObject({
      status: 'queued',
      attempts: [{ status: 'timeout' }],
    });
  });

  test('makes a directory again that its launcher had no time to finish', ({ dir }) => {
    const spec = specIn(dir);
    mkdirSync(join(spec.dir, 'sources'), { recursive: true });
    writeFileSync(join(spec.dir, 'config.json'), '{"conf');

    prepareRunDir(spec);

    expect(readdirSync(spec.dir)).toEqual(['config.json', 'run.json']);
  });

  test('never takes the directory of another run', ({ dir }) => {
    prepareRunDir(specIn(dir));

    expect(() => prepareRunDir({ ...specIn(dir), id: 'other' })).toThrow(/holds the run the-run/);
  });
});

/** A run that has logged, printed and failed. */
async function failedRun(root: string, sinks?: SinkChoice[]): Promise<string> {
  let run = '';
  const work = openRun(
    { name: 'toy', root, sinks: sinks ?? ['csv', 'jsonl', 'tensorboard', 'artifacts'] },
    ({ dir }) => {
      run = dir;
      logger.log({ loss: 1 });
      logger.image('picture', [[0, 1]]);
      console.log('a line');
      throw new Error('on purpose');
    },
  );
  await expect(work).rejects.toThrow('on purpose');
  return run;
}

function specIn(root: string): RunSpec {
  return specOf({ dir: join(root, 'toy/the-run') });
}

function queuedRun(root: string): string {
  return createRunDir(specIn(root)) && specIn(root).dir;
}

function startedBy(queued: Manifest, process: ProcessIdentity): Manifest {
  const startedAt = new Date().toISOString();
  const attempt = { process, startedAt, status: 'running' };
  return { ...queued, status: 'running', startedAt, attempts: [...queued.attempts, attempt] };
}

function settledAs(status: string, started: Manifest): Manifest {
  const ended = { ...started.attempts.at(-1)!, status };
  return { ...started, status, attempts: [...started.attempts.slice(0, -1), ended] };
}

async function goneProcess(): Promise<ProcessIdentity> {
  const { child, finished } = start('sleep', ['1000']);
  const identity = identify(child.pid);
  child.kill('SIGKILL');
  await finished;
  return identity;
}

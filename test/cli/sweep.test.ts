import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject } from 'vitest';
import { decodeNumber } from '../../src/formats/csv.ts';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { readScalars } from '../helpers/tensorboard.ts';

const missing = inject('missingTools');
const FILE = 'test/fixtures/walk/main.ts';

interface Faulty extends Finished {
  readonly root: string;
  readonly runs: readonly string[];
}

/** A sweep of 12 runs, one of which throws and one of which kills itself. */
const test = base.extend<{ faulty: Faulty }>({
  faulty: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads which fixtures this one needs
    async ({}, use) => {
      const root = mkdtempSync(join(tmpdir(), 'exptools-'));
      const axes = ['drift=range(0,12)', 'throwAt=3', 'killAt=7', 'steps=2100'];
      const finished = await runExp([FILE, '--sweep', '--root', root, ...axes]);
      await use({ ...finished, root, runs: runDirs(root, 'walk') });
      rmSync(root, { recursive: true, force: true });
    },
    { scope: 'file' },
  ],
});

describe('a sweep in which runs fail', () => {
  test('exits with 1 once all others have completed', ({ faulty: { code, runs } }) => {
    const statuses = runs.map((run) => manifestOf(run)['status'] as string);

    expect(code).toBe(1);
    expect(statuses).toHaveLength(12);
    expect(statuses.filter((status) => status === 'completed')).toHaveLength(10);
    expect(statuses.filter((status) => status === 'failed')).toHaveLength(2);
  });

  test('records why each of them failed', ({ faulty: { runs } }) => {
    expect(manifestOf(runs[3]!)).toMatchObject({
      status: 'failed',
      sweep: { variant: { drift: 3 } },
      error: { message: 'fell at drift 3' },
    });
    expect(manifestOf(runs[7]!)).toMatchObject({
      status: 'failed',
      sweep: { variant: { drift: 7 } },
      error: { signal: 'SIGKILL', message: expect.stringContaining('SIGKILL') as string },
    });
  });

  test('names them on stderr, with their last lines', ({ faulty: { stderr, runs } }) => {
    const end = stderr.slice(stderr.indexOf('12/12'));

    expect(end).toContain(`${manifestOf(runs[3]!)['id'] as string}: fell at drift 3`);
    expect(end).toContain('the walk is about to fall');
    expect(end).toMatch(/fixtures\/walk\/main\.ts:\d+/);
    expect(end).toContain(`${manifestOf(runs[7]!)['id'] as string}: killed by SIGKILL`);
    expect(end).toContain('2 of 12 runs failed.');
  });

  test('lists the variants on stdout, the best one first', ({ faulty: { stdout } }) => {
    const [head, ...rows] = stdout.trim().split('\n').slice(0, 13);

    expect(head).toMatch(/^drift +place .*failed$/);
    const drifts = rows.map((row) => row.split(/\s+/)[0]);
    expect(drifts).toEqual(['11', '10', '9', '8', '6', '5', '4', '2', '1', '0', '3', '7']);
  });

  test('keeps a journal of every start and end', ({ faulty: { root, runs } }) => {
    const { journal } = sweepOf(root, 'walk');

    const ids = runs.map((run) => manifestOf(run)['id'] as string).sort();
    const of = (event: string): unknown[] => journal.filter((entry) => entry['event'] === event);
    expect(of('started').map((entry) => (entry as { run: string }).run)).toEqual(ids);
    expect(of('ended').map((entry) => (entry as { run: string }).run)).toHaveLength(12);
    expect(journal.at(-1)).toMatchObject({ event: 'finished', status: 'failed' });
  });

  test("holds the same rows in every CSV as TensorBoard's reader finds", ({ faulty, skip }) => {
    skip(missing['tensorboard'] !== undefined, missing['tensorboard']);
    const scalars = readScalars(...faulty.runs);

    for (const run of faulty.runs) {
      const rows = progressOf(run);
      const events = scalars[run]!['place']!.map(({ step, value }) => [step, value]);
      expect(events).toEqual(
        rows.map((row) => [Number(row['step']), Math.fround(decodeNumber(row['place'])!)]),
      );
    }
    expect(progressOf(faulty.runs[0]!)).toHaveLength(2100);
    expect(progressOf(faulty.runs[7]!)).toHaveLength(2048); // the last flush before the kill
  });
});

describe('--fail-fast', () => {
  test('starts nothing more once a run has failed', async ({ dir }) => {
    const { code, stderr } = await walk(dir, '--fail-fast', '--slots', '1', 'throwAt=1');

    const runs = runDirs(dir, 'walk').map((run) => manifestOf(run)['status'] as string);
    expect(code).toBe(1);
    expect(runs).toEqual(['completed', 'completed', 'failed']); // drift 0 twice, then drift 1
    expect(stderr).toContain('1 of 12 runs failed.');
    expect(sweepOf(dir, 'walk').journal.at(-1)).toMatchObject({ status: 'failed' });
  });
});

describe('--slots 1', () => {
  test('runs one after another, in the order of the plan', async ({ dir }) => {
    await walk(dir, '--slots', '1', 'drift=2,0,1');

    const runs = runDirs(dir, 'walk').map(manifestOf);
    expect(runs.map((run) => run['sweep'].variant.drift)).toEqual([2, 0, 1]);
    for (const [i, run] of runs.slice(1).entries()) {
      expect(run['startedAt'] >= runs[i]!['endedAt']).toBe(true);
    }
  });
});

describe('a run of a sweep', () => {
  test('has its values in variant.json and its printed lines in output.log', async ({ dir }) => {
    await walk(dir, 'drift=1.5,2', 'noise=0', 'steps=1');

    const [run] = runDirs(dir, 'walk');
    expect(JSON.parse(readFileSync(join(run!, 'variant.json'), 'utf8'))).toEqual({ drift: 1.5 });
    expect(readFileSync(join(run!, 'output.log'), 'utf8')).toMatch(/^step 0 .*place 1\.5$/m);
    expect(run).toContain('_drift=1.5_');
  });
});

describe('run-exp --sweep --quiet', () => {
  test('prints nothing when all is well', async ({ dir }) => {
    const { code, stdout, stderr } = await walk(dir, '--quiet', 'drift=1,2', 'steps=1');

    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

function walk(root: string, ...args: string[]): Promise<Finished> {
  return runExp([FILE, '--sweep', '--root', root, ...args]);
}

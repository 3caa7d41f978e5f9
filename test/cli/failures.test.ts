import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { processOf, untilGone } from '../helpers/processes.ts';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/flaky/main.ts';

describe('run-exp --sweep --retries', () => {
  test('tries a run again until it completes, and says why', async ({ dir }) => {
    const { code, stderr } = await sweep(dir, 'failures=0,2', '--retries', '3', '--slots', '1');

    expect(code).toBe(0);
    expect(stderr.match(/^retry .*$/gm)).toEqual([
      'retry  failures=2  failed: attempt 1 had no luck; attempt 2 of 4 in 1s',
      'retry  failures=2  failed: attempt 2 had no luck; attempt 3 of 4 in 2s',
    ]);
    expect(stderr).not.toContain('runs failed');
    const [, run] = runDirs(dir, 'flaky');
    expect(manifestOf(run!)).toMatchObject({
      status: 'completed',
      result: { attempts: 3 },
      attempts: [
        { status: 'failed', reason: 'attempt 1 had no luck' },
        { status: 'failed', reason: 'attempt 2 had no luck' },
        { status: 'completed' },
      ],
    });
    expect(manifestOf(run!)).not.toHaveProperty('error');
    const { id } = manifestOf(run!);
    const entries = sweepOf(dir, 'flaky').journal.filter((entry) => entry['run'] === id);
    expect(entries.map(({ time: _, run: __, slot: ___, ...entry }) => entry)).toEqual([
      { event: 'started', attempt: 1 },
      { event: 'ended', attempt: 1, status: 'failed', reason: 'attempt 1 had no luck' },
      { event: 'retry', attempt: 2, reason: 'attempt 1 had no luck', delay: 1 },
      { event: 'started', attempt: 2 },
      { event: 'ended', attempt: 2, status: 'failed', reason: 'attempt 2 had no luck' },
      { event: 'retry', attempt: 3, reason: 'attempt 2 had no luck', delay: 2 },
      { event: 'started', attempt: 3 },
      { event: 'ended', attempt: 3, status: 'completed' },
    ]);
  });

  test('gives a run up after that, and --fail-fast only then', async ({ dir }) => {
    const flags = ['--retries', '1', '--slots', '1', '--fail-fast'];
    const { code, stderr } = await sweep(dir, 'n=0,1,2', 'failures=9', ...flags);

    expect(code).toBe(1);
    // While the first one waits, the second has the slot.
    const journal = sweepOf(dir, 'flaky').journal.map(({ event, attempt }) => [event, attempt]);
    expect(journal.slice(0, 4)).toEqual([
      ['started', 1],
      ['ended', 1],
      ['retry', 2],
      ['started', 1],
    ]);
    expect(journal.filter(([, attempt]) => attempt === 3)).toEqual([]);
    expect(stderr).toMatch(/runs failed\./);
  });
});

describe('run-exp FILE --retries', () => {
  test('tries a single run again, in the same directory', async ({ dir }) => {
    const { code, stdout, stderr } = await single(dir, 'failures=1', '--retries', '1');

    expect(code).toBe(0);
    expect(stderr).toContain('failed: attempt 1 had no luck; attempt 2 of 2 in 1s\n');
    expect(stdout).toBe('attempt 1\nattempt 2\n');
    const [run, ...others] = runDirs(dir, 'flaky');
    expect(others).toEqual([]);
    expect(manifestOf(run!)).toMatchObject({ status: 'completed', result: { attempts: 2 } });
  });

  test('has its attempts shown, with their reasons', async ({ dir }) => {
    await single(dir, 'failures=1', 'how=exit', '--retries', '1');

    const { stdout } = await runExp(['show', 'last', '--root', dir]);
    expect(stdout).toMatch(/^attempts +2: failed \(.*exit code 3.*\), completed$/m);
  });

  test('leaves what the earlier attempt wrote in attempts/, and one clean curve', async ({
    dir,
  }) => {
    await single(dir, 'failures=1', '--retries', '1');

    const [run] = runDirs(dir, 'flaky');
    const attemptsIn = (folder: string): unknown[] =>
      progressOf(folder).map(({ attempt }) => attempt);
    expect(attemptsIn(run!)).toEqual(['2', '2', '2']);
    expect(attemptsIn(join(run!, 'attempts/1'))).toEqual(['1', '1', '1']);
    expect(readdirSync(run!).filter((name) => name.includes('tfevents'))).toHaveLength(1);
    expect(readdirSync(join(run!, 'attempts/1')).join()).not.toContain('tfevents');
    for (const folder of [run!, join(run!, 'attempts/1')]) {
      expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('note 0\nnote 1\nnote 2\n');
    }
  });
});

describe('run-exp --timeout', () => {
  test('ends the runs of a sweep that take longer, and exits with 1', async ({ dir }) => {
    const args = ['how=linger', 'failures=0,1', '--timeout', '10s'];
    const { code, stderr } = await sweep(dir, ...args);

    expect(code).toBe(1);
    const [good, late] = runDirs(dir, 'flaky');
    expect(manifestOf(good!)).toMatchObject({ status: 'completed' });
    expect(manifestOf(late!)).toMatchObject({
      status: 'timeout',
      stopReason: 'took longer than 10s',
      attempts: [{ status: 'timeout', reason: 'took longer than 10s' }],
    });
    expect(stderr).toMatch(/timeout .*: took longer than 10s/);
    expect(stderr).toContain('1 of 2 runs failed.');
  });

  test('kills a single run that does not end by itself', async ({ dir }) => {
    const { code, stderr } = await single(dir, 'how=silent', 'failures=1', '--timeout', '2s');

    const [run] = runDirs(dir, 'flaky');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^timeout.*: took longer than 2s$/m);
    expect(manifestOf(run!)).toMatchObject({ status: 'timeout' });
    expect(readFileSync(join(run!, 'output.log'), 'utf8')).toMatch(
      /timeout after .*longer than 2s/,
    );
    await untilGone([processOf(run!)], 1_000);
  });

  test('goes with --retries: what took too long is tried again', async ({ dir }) => {
    const args = ['how=linger', 'failures=1', '--timeout', '10s', '--retries', '1'];
    const { code, stderr } = await single(dir, ...args);

    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('timeout: took longer than 10s; attempt 2 of 2') as string,
    });
  });

  test.for([
    ['30', '"30" has no unit. Write 30s, 30m or 30h.'],
    ['soon', '"soon" is no duration.'],
  ] as const)('refuses %s, and starts nothing', async ([time, says], { dir }) => {
    const { code, stderr } = await single(`${dir}/runs`, '--timeout', time);

    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(says) as string,
    });
    expect(readdirSync(dir)).toEqual([]);
  });
});

function single(root: string, ...args: string[]): Promise<Finished> {
  return runExp([FILE, '--root', root, ...args]);
}

function sweep(root: string, ...args: string[]): Promise<Finished> {
  return single(root, '--sweep', ...args);
}

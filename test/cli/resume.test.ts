import {
  appendFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { Ledger } from '../helpers/ledger.ts';
import { processOf, untilGone } from '../helpers/processes.ts';
import { manifestOf, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const ALL = [0, 1, 2, 3, 4, 5];

describe('run-exp resume', () => {
  test('runs what is missing after kill -9 of the launcher, and nothing twice', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(2);
    const sweep = ledger.start(['--slots', '2']);
    await ledger.untilStarted(4);
    const before = ledger.runs;

    sweep.child.kill('SIGKILL');
    await sweep.finished;
    // One that notices late would see that it may go on, and complete.
    await vi.waitFor(() => {
      const left = before.map((run) => manifestOf(run)['status'] as string);
      expect(left).toEqual(['completed', 'completed', 'interrupted', 'interrupted']);
    }, 20_000);
    ledger.lift();
    const { code, stdout, stderr } = await ledger.runExp('resume', 'last', '--slots', '2');

    expect(code, stderr).toBe(0);
    expect(ledger.ended).toEqual(ALL);
    expect(ledger.runs.slice(0, 4)).toEqual(before);
    expect(ledger.runs.map((run) => manifestOf(run)['attempts'].length)).toEqual([
      1, 1, 2, 2, 1, 1,
    ]);
    expect(ledger.runs.map((run) => manifestOf(run)['status'])).toEqual(ALL.map(() => 'completed'));
    expect(stderr).toContain('4 of 6 runs are left');
    const rows = stdout.trim().split('\n').slice(1, 7);
    expect(rows.map((row) => Number(row.split(/\s+/)[0]))).toEqual(ALL.toReversed());
    const { plan, journal } = sweepOf(ledger.root, 'ledger');
    expect(plan['runs'].map(({ id }: { id: string }) => id)).toEqual(
      ledger.runs.map((run) => manifestOf(run)['id'] as string),
    );
    const at = journal.findIndex(({ event }) => event === 'resumed');
    expect(journal[at]).toMatchObject({ runs: 4, launcher: { pid: expect.any(Number) as number } });
    const attempts = journal.slice(at).filter(({ event }) => event === 'started');
    expect(attempts.map(({ attempt }) => attempt)).toEqual([2, 2, 1, 1]);
    expect(journal.at(-1)).toMatchObject({ event: 'finished', status: 'done' });
  });

  test('goes on after Ctrl-C, whose last line says how', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(1);
    const sweep = ledger.start(['--slots', '2']);
    await ledger.untilStarted(3);

    sweep.child.kill('SIGINT');
    const { code, stderr } = await sweep.finished;
    expect(code).toBe(130);
    const [, id, flag] = /npx run-exp resume (\S+)( --root \S+)?\n$/.exec(stderr)!;
    expect(flag).toContain(ledger.root.slice(-10));
    ledger.lift();
    const resumed = await ledger.runExp('resume', id!);

    expect(resumed.code, resumed.stderr).toBe(0);
    expect(ledger.ended).toEqual(ALL);
  });

  test('runs what was to be tried again when the launcher was killed', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.fail(1);
    const sweep = ledger.start(['n=0,1', '--slots', '2', '--retries', '5']);
    // The third attempt comes after two seconds: the launcher is killed while the run rests.
    await vi.waitFor(() => {
      const { journal } = sweepOf(ledger.root, 'ledger');
      expect(journal.filter(({ event }) => event === 'retry')).toHaveLength(2);
    }, 30_000);
    sweep.child.kill('SIGKILL');
    await sweep.finished;
    expect(manifestOf(ledger.runs[1]!)['status']).toBe('failed');

    ledger.fail();
    const { code, stderr } = await ledger.runExp('resume', 'last');

    expect(code, stderr).toBe(0);
    expect(stderr).toContain('1 of 2 runs are left');
    expect(ledger.ended).toEqual([0, 1]);
    expect(manifestOf(ledger.runs[1]!)['attempts']).toMatchObject([
      { status: 'failed' },
      { status: 'failed' },
      { status: 'completed' },
    ]);
  });

  test('runs failed ones with --failed alone, and says so', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.fail(3);
    const sweep = await ledger.sweep('--slots', '2');
    expect(sweep.code).toBe(1);
    expect(sweep.stderr).toMatch(/npx run-exp resume \S+ --failed --root \S+\n$/);

    const without = await ledger.runExp('resume', 'last');
    expect(without).toMatchObject({ code: 0, stdout: '' });
    expect(without.stderr).toMatch(/All 6 runs .* have ended, and 1 failed.* --failed/);
    expect(ledger.ns('start')).toHaveLength(6);

    ledger.fail();
    const { code, stdout } = await ledger.runExp('resume', 'last', '--failed');
    expect(code).toBe(0);
    expect(ledger.ended).toEqual(ALL);
    expect(stdout).not.toContain('failed');
    const again = manifestOf(ledger.runs[3]!);
    expect(again).toMatchObject({ status: 'completed' });
    expect(again['attempts']).toMatchObject([{ status: 'failed' }, { status: 'completed' }]);
  });

  test('leaves a sweep alone that is complete', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1');
    const { journal } = sweepOf(ledger.root, 'ledger');

    const { code, stdout, stderr } = await ledger.runExp('resume', 'last');

    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/The sweep \S+ is complete: all 2 runs have completed\./);
    expect(sweepOf(ledger.root, 'ledger').journal).toEqual(journal);
    expect(ledger.ns('start')).toHaveLength(2);
  });

  test('is refused while the launcher lives, naming it', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(0);
    const sweep = ledger.start(['n=0,1']);
    await ledger.untilStarted(2);

    const { code, stderr } = await ledger.runExp('resume', 'last');

    expect(code).toBe(2);
    expect(stderr).toContain(`is run by process ${sweep.child.pid} on`);
    ledger.lift();
    expect(await sweep.finished).toMatchObject({ code: 0 });
  });

  test('of two at once, one wins and the other says who has', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(1);
    const sweep = ledger.start(['--slots', '2']);
    await ledger.untilStarted(3);
    sweep.child.kill('SIGKILL');
    await sweep.finished;

    const both = [ledger.startExp('resume', 'last'), ledger.startExp('resume', 'last')];
    const loser = await Promise.race(both.map(({ finished }) => finished));
    ledger.lift();
    const ends = await Promise.all(both.map(({ finished }) => finished));

    expect(loser.code).toBe(2);
    expect(ends.map(({ code }) => code).toSorted((a, b) => a! - b!)).toEqual([0, 2]);
    const winner = both[ends.findIndex(({ code }) => code === 0)]!;
    expect(loser.stderr).toContain(`is run by process ${winner.child.pid} on`);
    expect(ledger.ended).toEqual(ALL);
  });

  test('works with a journal that was torn, and a run whose directory is gone', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1,2', '--slots', '1');
    const sweeps = join(ledger.root, 'ledger/sweeps');
    appendFileSync(join(sweeps, readdirSync(sweeps)[0]!, 'journal.jsonl'), '{"time":"2026-');
    rmSync(ledger.runs[1]!, { recursive: true });

    const { code } = await ledger.runExp('resume', 'last');

    expect(code).toBe(0);
    expect(ledger.ns('end')).toEqual([0, 1, 2, 1]);
    expect(ledger.runs).toHaveLength(3);
    const text = readFileSync(join(sweeps, readdirSync(sweeps)[0]!, 'journal.jsonl'), 'utf8');
    expect(text).toMatch(/\{"time":"2026-\n\{"time".*"resumed"/);
  });

  test('works in a run root that was moved', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1', '--slots', '1');
    rmSync(ledger.runs[0]!, { recursive: true });
    renameSync(ledger.root, join(dir, 'moved'));
    const [sweep] = readdirSync(join(dir, 'moved/ledger/sweeps'));
    const path = join(dir, 'moved/ledger/sweeps', sweep!);

    const { code, stderr } = await new Ledger(dir).runExp('resume', path);

    expect(code, stderr).toBe(0);
    expect(ledger.ns('end')).toEqual([0, 1, 0]);
    expect(readdirSync(join(dir, 'moved/ledger'))).toHaveLength(3);
  });

  test('ends a process of the sweep that does not notice that its launcher is gone', async ({
    dir,
  }) => {
    const ledger = new Ledger(dir);
    ledger.hold(1);
    const sweep = ledger.start(['n=0,1', '--slots', '1']);
    await ledger.untilStarted(2);
    const orphan = processOf(ledger.runs[1]!);
    process.kill(orphan.pid, 'SIGSTOP');
    sweep.child.kill('SIGKILL');
    await sweep.finished;
    ledger.lift();

    const { code, stderr } = await ledger.runExp('resume', 'last');

    expect(code, stderr).toBe(0);
    await untilGone([orphan]);
    expect(ledger.ns('end')).toEqual([0, 1]);
  });

  test.for<[string, (sweep: string, run: string) => string[], RegExp]>([
    ['a sweep that is not there', () => ['nothing'], /No run or sweep "nothing" under/],
    ['a run', (_, run) => [run], /The run \S+ has completed: there is nothing to resume/],
  ])('refuses %s', async ([, words, message], { dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1');
    const [sweep] = readdirSync(join(ledger.root, 'ledger/sweeps'));

    const { code, stderr } = await ledger.runExp('resume', ...words(sweep!, ledger.runs[0]!));

    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('names a plan that is damaged, and holds nothing after that', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1');
    const [sweep] = readdirSync(join(ledger.root, 'ledger/sweeps'));
    const path = join(ledger.root, 'ledger/sweeps', sweep!, 'sweep.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, 300));

    const { code, stderr } = await ledger.runExp('resume', 'last');
    expect(code).toBe(2);
    expect(stderr).toContain(path);

    writeFileSync(path, text);
    expect(await ledger.runExp('resume', 'last')).toMatchObject({ code: 0 });
  });
});

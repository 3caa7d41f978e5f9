import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, vi } from 'vitest';
import type { ProcessIdentity } from '../../src/core/manifest.ts';
import { identify } from '../../src/store/process-identity.ts';
import { Ledger } from '../helpers/ledger.ts';
import { processOf, untilGone } from '../helpers/processes.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const ALL = [0, 1, 2, 3, 4, 5];

/** What --detach has printed: who works, and on what. */
function detachedIn(stdout: string): { id: string; launcher: ProcessIdentity; output: string } {
  const match = /detached {2}(\S+), process (\d+); output in (\S+)\n/.exec(stdout);
  const [, id, pid, output] = match as unknown as [string, string, string, string];
  const launcher = identify(Number(pid));
  onTestFinished(() => {
    try {
      process.kill(launcher.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  });
  return { id, launcher, output };
}

function sweepDirOf({ root }: Ledger): string {
  const parent = join(root, 'ledger/sweeps');
  return join(parent, readdirSync(parent)[0]!);
}

describe('--detach', () => {
  test('leaves a sweep running, which ps, logs -f and stop find', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(1);
    const { code, stdout } = await ledger.sweep('--slots', '2', '--detach');
    expect(code).toBe(0);
    const { id, launcher } = detachedIn(stdout);
    expect(stdout).toMatch(/next +npx run-exp ps.*\n.*logs -f \S+.*\n.*stop \S+/);

    await ledger.untilStarted(3);
    const ps = await ledger.runExp('ps', '--json');
    expect(JSON.parse(ps.stdout)).toMatchObject({ sweeps: [{ id, pid: launcher.pid, runs: 6 }] });
    const logs = ledger.startExp('logs', '-f', id);
    await logs.until(/1\/6 {2}completed {2}n=0/);
    const running = ledger.runs.slice(1).map(processOf);

    const stopped = await ledger.runExp('stop', id);
    expect(stopped).toMatchObject({ code: 0, stdout: `Stopped the sweep ${id}.\n` });
    await untilGone([launcher, ...running]);
    const { stdout: log } = await logs.finished;
    expect(log).toContain('Stopped: 2 runs interrupted, 3 never started.');
    expect(log).toContain('npx run-exp resume');

    ledger.lift();
    const resumed = await ledger.runExp('resume', id, '--detach', '--slots', '2');
    const second = detachedIn(resumed.stdout);
    const followed = await ledger.runExp('logs', '-f', id);
    expect(followed.stdout).toMatch(/6\/6 {2}completed[^]*n {2}score[^]*tensorboard --logdir/);
    expect(followed.stderr).toBe('');
    await untilGone([second.launcher]);
    expect(ledger.ended).toEqual(ALL);
  });

  test('lives in a session of its own, with its output in a file', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(0);
    const { stdout } = await ledger.sweep('n=0,1', '--detach');
    const { launcher } = detachedIn(stdout);

    const stat = readFileSync(`/proc/${launcher.pid}/stat`, 'utf8');
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect([group, session]).toEqual([String(launcher.pid), String(launcher.pid)]);

    ledger.lift();
    await untilGone([launcher]);
    expect(readFileSync(join(sweepDirOf(ledger), 'output.log'), 'utf8')).toContain('2/2');
  });

  test('says by JSON where its events go', async ({ dir }) => {
    const ledger = new Ledger(dir);
    const { stdout } = await ledger.sweep('n=0,1', '--detach', '--json');
    const detached = JSON.parse(stdout);
    expect(detached).toMatchObject({ event: 'detached', dir: sweepDirOf(ledger) });

    await untilGone([identify(detached.pid)]);
    const events = readFileSync(detached.output, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(events.at(-1)!)).toMatchObject({ event: 'finished', status: 'done' });
  });

  test('can be stopped by whoever resumed it, not by whoever began', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(0);
    const first = ledger.start(['n=0,1']);
    await ledger.untilStarted(2);
    first.child.kill('SIGKILL');
    await first.finished;
    const { stdout } = await ledger.runExp('resume', 'last', '--detach');
    const { id, launcher } = detachedIn(stdout);
    await ledger.untilStarted(4);

    expect(await ledger.runExp('stop', 'last')).toMatchObject({ code: 0 });

    await untilGone([launcher]);
    expect(await ledger.runExp('stop', id)).toMatchObject({ code: 2 });
  });

  test('says mistakes at once, as it does without', async ({ dir }) => {
    const ledger = new Ledger(dir);

    const { code, stdout, stderr } = await ledger.sweep('nothing=1,2', '--detach');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nothing');
    expect(existsSync(ledger.root)).toBe(false);
  });

  test('is refused for a sweep that runs, with the reason', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(0);
    const sweep = ledger.start(['n=0,1']);
    await ledger.untilStarted(2);

    const { code, stdout, stderr } = await ledger.runExp('resume', 'last', '--detach');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`is run by process ${sweep.child.pid} on`);
    ledger.lift();
    expect(await sweep.finished).toMatchObject({ code: 0 });
  });

  test('says so where nothing is left to run', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1');

    const { code, stderr } = await ledger.runExp('resume', 'last', '--detach');

    expect(code).toBe(0);
    expect(stderr).toContain('is complete');
  });

  test('runs what a sweep was extended by', async ({ dir }) => {
    const ledger = new Ledger(dir);
    await ledger.sweep('n=0,1');

    const { code, stdout } = await ledger.runExp('extend', 'last', 'n=2', '--detach');

    expect(code).toBe(0);
    await untilGone([detachedIn(stdout).launcher]);
    expect(ledger.ended).toEqual([0, 1, 2]);
  });

  test.for([
    ['--ghost', '--ghost keeps nothing'],
    ['--print-config', '--detach is for what runs in the background'],
    ['--dry-run', '--detach is for what runs in the background'],
  ] as const)('is refused with %s', async ([flag, message], { dir }) => {
    const ledger = new Ledger(dir);

    const { code, stderr } = await ledger.sweep('n=0,1', '--detach', flag);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('--detach of a single run', () => {
  const words = (ledger: Ledger): string[] => [
    'test/fixtures/ledger/main.ts',
    `ledger=${ledger.path}`,
    '--detach',
  ];

  test('leaves it running, which logs -f and stop find', async ({ dir }) => {
    const ledger = new Ledger(dir);
    ledger.hold(0);
    const { code, stdout } = await ledger.runExp(...words(ledger));
    expect(code).toBe(0);
    const { id, launcher, output } = detachedIn(stdout);
    expect(output).toContain(`${id}/output.log`);
    await ledger.untilStarted(1);
    const logs = ledger.startExp('logs', '-f', id);

    expect(await ledger.runExp('stop', id)).toMatchObject({ code: 0 });

    await untilGone([launcher]);
    expect((await logs.finished).stdout).toContain('START ledger main');
    expect(manifestOf(runDirs(ledger.root, 'ledger')[0]!)).toMatchObject({ status: 'interrupted' });
  });

  test('says mistakes at once', async ({ dir }) => {
    const ledger = new Ledger(dir);

    const { code, stdout, stderr } = await ledger.runExp(...words(ledger), 'n=x');

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('n');
    await vi.waitFor(() => expect(existsSync(ledger.root)).toBe(false));
  });
});

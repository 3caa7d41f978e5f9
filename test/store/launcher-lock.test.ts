import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { describe, expect, onTestFinished, vi } from 'vitest';
import { LauncherLock, launcherAt } from '../../src/store/launcher-lock.ts';
import { identify } from '../../src/store/process-identity.ts';
import { REPO } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const PROGRAM = join(REPO, 'test/fixtures/store/take-lock.js');

interface Racer {
  readonly child: ChildProcess;
  readonly lines: Interface;
}

/** Starts processes that will all take the lock of a directory when they are told to. */
function racers(dir: string, count: number): Promise<Racer[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = spawn(process.execPath, [PROGRAM, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const lines = createInterface(child.stdout);
      await once(lines, 'line');
      return { child, lines };
    }),
  );
}

/** Lets them take it at the same moment, and returns what each says. */
function race(all: readonly Racer[]): Promise<string[]> {
  const results = all.map(async ({ lines }) => ((await once(lines, 'line')) as [string])[0]);
  for (const { child } of all) child.stdin!.write('go\n');
  return Promise.all(results);
}

async function kill({ child }: Racer): Promise<void> {
  child.kill('SIGKILL');
  if (child.signalCode === null) await once(child, 'exit');
}

describe('the lock of a sweep', () => {
  test('is had by one at a time, until it is released', ({ dir }) => {
    const first = new LauncherLock(dir);
    expect(() => new LauncherLock(dir)).toThrow(`is run by process ${process.pid} on`);
    expect(launcherAt(dir)?.process).toEqual(identify());

    first.release();
    expect(launcherAt(dir)).toBeUndefined();

    const second = new LauncherLock(dir);
    expect(launcherAt(dir)?.process).toEqual(identify());
    second.release();
  });

  test('can be released twice, and does not release that of the next one', ({ dir }) => {
    const first = new LauncherLock(dir);
    first.release();
    const second = new LauncherLock(dir);
    first.release();

    expect(launcherAt(dir)?.process).toEqual(identify());
    second.release();
  });

  test('leaves two files at most', ({ dir }) => {
    for (let i = 0; i < 5; i++) new LauncherLock(dir).release();

    expect(readdirSync(dir).length).toBeLessThanOrEqual(2);
  });

  test('goes to exactly one of many processes, and the others say who has it', async ({ dir }) => {
    const all = await racers(dir, 12);
    const results = await race(all);

    const winner = all[results.indexOf('won')]!.child.pid;
    const lost = results.filter((result) => result !== 'won');
    expect(lost).toHaveLength(11);
    for (const text of lost) expect(text).toMatch(`EXP_USAGE`);
    for (const text of lost) expect(text).toContain(`is run by process ${winner} on`);
  });

  test('goes to exactly one of many when its process was killed, time and again', async ({
    dir,
  }) => {
    const all = await racers(dir, 24);
    for (let round = 0; round < 6; round++) {
      const group = all.slice(round * 4, round * 4 + 4);
      const results = await race(group);
      expect(results.filter((result) => result === 'won')).toHaveLength(1);
      await kill(group[results.indexOf('won')]!);
      expect(launcherAt(dir)).toBeUndefined();
    }
  });

  test.for([
    [50_000, true],
    [61_000, false],
  ] as const)('of another host, silent for %i ms, is held: %s', ([silence, isHeld], { dir }) => {
    const path = join(dir, 'launcher-3.lock');
    const owner = { process: { ...identify(), host: 'elsewhere' }, since: '2026-01-31T14:25:01Z' };
    writeFileSync(path, `${JSON.stringify(owner)}\n`);
    const touchedAt = new Date(Date.now() - silence);
    utimesSync(path, touchedAt, touchedAt);

    expect(launcherAt(dir) !== undefined).toBe(isHeld);
    if (isHeld) {
      expect(() => new LauncherLock(dir)).toThrow(
        'process ' + process.pid + ' on "elsewhere" since 2026-01-31T14:25:01Z',
      );
    } else {
      new LauncherLock(dir).release();
    }
  });

  test('shows other hosts every few seconds that it is held', ({ dir }) => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const lock = new LauncherLock(dir);
    const path = join(dir, readdirSync(dir)[0]!);
    utimesSync(path, 0, 0);

    vi.advanceTimersByTime(5_000);

    expect(statSync(path).mtimeMs).toBeGreaterThan(0);
    lock.release();
    utimesSync(path, 0, 0);
    vi.advanceTimersByTime(60_000);
    expect(statSync(path).mtimeMs).toBe(0);
  });

  test('whose process died before it had written its name is taken over', ({ dir }) => {
    writeFileSync(join(dir, 'launcher-1.lock'), '{"proc');

    const lock = new LauncherLock(dir);

    expect(launcherAt(dir)?.process).toEqual(identify());
    lock.release();
  });

  test('cannot be had where the directory is gone', ({ dir }) => {
    expect(() => new LauncherLock(join(dir, 'gone'))).toThrow(
      expect.objectContaining({ code: 'EXP_FILE' }),
    );
  });
});

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ExpError } from '../../core/errors.ts';
import type { ProcessIdentity } from '../../core/manifest.ts';
import { identify, isAlive } from '../../store/process-identity.ts';

const POLL_MS = 250;
const PATIENCE_MS = 15 * 60_000;

/**
 * Calls `work` while no other process that asks for the same lock file does; blocks until then. The
 * lock of a process that is gone does not count.
 * @throws {ExpError} EXP_TFJS after a quarter of an hour.
 */
export function withLock<T>(file: string, onWait: () => void, work: () => T): T {
  const givesUpAt = Date.now() + PATIENCE_MS;
  for (let isFirst = true; !tryLock(file); isFirst = false) {
    if (isFirst) onWait();
    if (Date.now() > givesUpAt) {
      throw new ExpError(
        'EXP_TFJS',
        `Another process has held "${file}" for a quarter of an hour. Remove it if none is at work.`,
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function tryLock(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify()), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = holderOf(file);
  if (holder !== undefined && isAlive(holder) === false) takeAway(file, holder);
  return false;
}

// Two may find the same dead holder: the slower one must not take away the lock of the faster.
function takeAway(file: string, dead: ProcessIdentity): void {
  const away = `${file}.${process.pid}`;
  try {
    renameSync(file, away);
    if (holderOf(away)?.pid !== dead.pid) linkSync(away, file);
    rmSync(away);
  } catch {
    // someone else was faster
  }
}

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    // just being written, or just given up
    return undefined;
  }
}

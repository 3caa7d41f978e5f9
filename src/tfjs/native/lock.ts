import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  if (holder !== undefined && isAlive(holder) === false) rmSync(file, { force: true });
  return false;
}

function holderOf(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    // just being written, or just given up
    return undefined;
  }
}

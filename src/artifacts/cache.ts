import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import { jsonLine, jsonText } from '../core/json.ts';
import { processState } from '../core/process-state.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import { ensureDir } from '../files/create-dir.ts';
import { launcherAt, LauncherLock } from '../store/launcher-lock.ts';

const CONTENT = 'content';
const FILLING = 'filling-';
const POLL_MS = 50;

/** Those that this process fills or waits for, by their directories. */
const underWay = processState('cache', () => new Map<string, Promise<string>>());

/**
 * The directory of a key in a cache, filled by whoever comes first: of any number of processes on any
 * number of hosts one calls `fill`, and the others wait for it. It is there whole or not at all. Where
 * `fill` throws, nothing stays, and the next one that waits calls its own. Where its process dies, that
 * is noticed, on this host at once and on another after a minute without a sign of life.
 * @param root of the cache; absolute.
 * @param fill puts files into the directory it is given.
 * @throws {ExpError} EXP_FILE if the cache cannot be written; otherwise what `fill` throws.
 */
export function cachedDir(
  root: string,
  key: string,
  fill: (dir: string) => unknown,
): Promise<string> {
  if (typeof key !== 'string' || key === '') {
    throw new ExpError('EXP_USAGE', `The key of a cache must be text, got ${jsonLine(key)}.`);
  }
  const dir = join(root, createHash('sha256').update(key).digest('hex').slice(0, 32));
  const known = underWay.get(dir);
  if (known !== undefined) return known;
  const asked = filled(dir, key, fill).finally(() => underWay.delete(dir));
  underWay.set(dir, asked);
  return asked;
}

async function filled(dir: string, key: string, fill: (dir: string) => unknown): Promise<string> {
  const content = join(dir, CONTENT);
  while (!existsSync(content)) {
    const lock = tryLock(dir, key);
    if (lock === undefined) {
      await delay(POLL_MS);
      continue;
    }
    try {
      // Another one may have filled it just before it gave the lock back.
      if (!existsSync(content)) await fillInto(dir, content, key, fill);
    } finally {
      lock.release();
    }
  }
  return content;
}

/** `undefined` while another process has it. */
function tryLock(dir: string, key: string): LauncherLock | undefined {
  try {
    ensureDir(dir);
    // Asking is cheaper than trying, and as good: trying again comes next.
    return launcherAt(dir) === undefined ? new LauncherLock(dir, 'cache') : undefined;
  } catch (error) {
    if (isExpError(error) && error.code === 'EXP_USAGE') return undefined;
    throw asFileError(key, error);
  }
}

async function fillInto(
  dir: string,
  content: string,
  key: string,
  fill: (dir: string) => unknown,
): Promise<void> {
  const filling = join(dir, `${FILLING}${randomBytes(6).toString('hex')}`);
  try {
    // What those have left who had the lock before and were killed.
    for (const name of readdirSync(dir)) {
      if (name.startsWith(FILLING)) rmSync(join(dir, name), { recursive: true, force: true });
    }
    ensureDir(filling);
    writeAtomically(join(dir, 'key.json'), jsonText({ key, since: new Date().toISOString() }));
  } catch (error) {
    throw asFileError(key, error);
  }
  try {
    await fill(filling);
    renameSync(filling, content);
  } catch (error) {
    rmSync(filling, { recursive: true, force: true });
    throw error;
  }
}

function asFileError(key: string, error: unknown): ExpError {
  return new ExpError('EXP_FILE', `Cannot cache "${key}": ${messageOf(error)}.`, { cause: error });
}

import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import { launcherLock, lockNumber } from '../core/layout.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import { identify, isAlive } from './process-identity.ts';

const EVERY_MS = 5_000;
/** Silence after which a launcher on another host counts as gone. */
const LIMIT_MS = 60_000;
/** How long a lock may be without its content, which is written at once. */
const WRITING_MS = 2_000;
const POLL_MS = 5;
const RELEASED = 'released\n';

/** Who runs a sweep. */
export interface SweepLauncher {
  readonly process: ProcessIdentity;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/**
 * The right to run a sweep, which one process has at a time, whichever hosts ask for it. Lock files
 * are numbered and the one with the highest number counts: to take over from a process that is gone
 * is to create the next one, which only one process can. It is held until it is released or its
 * process is gone; from another host that shows by a file that nobody touches any more.
 */
export class LauncherLock {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;

  /**
   * Takes the lock of a sweep's directory, or of one run's own that is resumed.
   * @throws {ExpError} EXP_USAGE if a process that lives has it; EXP_FILE if it cannot be created.
   */
  constructor(dir: string, what: 'run' | 'sweep' = 'sweep') {
    this.#path = take(dir, what);
    this.#timer = setInterval(() => this.#beat(), EVERY_MS).unref();
  }

  /** Gives it back. It does no harm to do so twice. */
  release(): void {
    clearInterval(this.#timer);
    try {
      // Over what is there: a full disk has room for that.
      const fd = openSync(this.#path, 'r+');
      writeSync(fd, RELEASED, 0);
      closeSync(fd);
    } catch {
      // the directory is gone, and with it the sweep
    }
  }

  #beat(): void {
    const now = new Date();
    try {
      utimesSync(this.#path, now, now);
    } catch {
      // the directory is gone: what writes there will say so
    }
  }
}

/** Who runs the sweep in a directory; `undefined` if nobody does. */
export function launcherAt(dir: string): SweepLauncher | undefined {
  const number = newest(dir);
  const lock = number === 0 ? undefined : read(join(dir, launcherLock(number)));
  return lock !== undefined && lock !== 'unwritten' && holds(lock) ? lock : undefined;
}

function take(dir: string, what: string): string {
  for (;;) {
    const number = newest(dir);
    if (number > 0) refuseWhileHeld(dir, number, what);
    const path = join(dir, launcherLock(number + 1));
    if (!create(path, what)) continue;
    // Another one may have been there, and gone by the time it was looked for: then it has left a
    // higher number.
    if (newest(dir) === number + 1) {
      removeOlder(dir, number);
      return path;
    }
    rmSync(path, { force: true });
  }
}

/** What a lock file says. */
type Lock = SweepLauncher & { /** Milliseconds since 1970. */ readonly touchedAt: number };

function refuseWhileHeld(dir: string, number: number, what: string): void {
  const path = join(dir, launcherLock(number));
  const givesUpAt = performance.now() + WRITING_MS;
  for (;;) {
    const lock = read(path);
    if (lock === undefined) return;
    if (lock !== 'unwritten') {
      if (holds(lock)) throw held(dir, lock, what);
      return;
    }
    // Its process died in between, or was just stopped there: the next number decides.
    if (performance.now() > givesUpAt) return;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

/** `undefined` for one that was given back, or is gone. */
function read(path: string): Lock | 'unwritten' | undefined {
  let text: string;
  let touchedAt: number;
  try {
    text = readFileSync(path, 'utf8');
    touchedAt = statSync(path).mtimeMs;
  } catch {
    return undefined;
  }
  if (text.startsWith(RELEASED)) return undefined;
  try {
    const lock: unknown = JSON.parse(text);
    if (isPlainObject(lock)) return { ...(lock as unknown as SweepLauncher), touchedAt };
  } catch {
    // not all of it is there yet
  }
  return 'unwritten';
}

function holds({ process: holder, touchedAt }: Lock): boolean {
  return isAlive(holder) ?? Date.now() - touchedAt <= LIMIT_MS;
}

/** False if there is such a file. */
function create(path: string, what: string): boolean {
  const lock: SweepLauncher = { process: identify(), since: new Date().toISOString() };
  try {
    writeFileSync(path, `${JSON.stringify(lock)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new ExpError('EXP_FILE', `Cannot lock the ${what}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

function newest(dir: string): number {
  return Math.max(0, ...numbers(dir));
}

// The one before stays: a list that is read while files come and go has one of the last two.
function removeOlder(dir: string, number: number): void {
  for (const old of numbers(dir).filter((one) => one < number)) {
    rmSync(join(dir, launcherLock(old)), { force: true });
  }
}

function numbers(dir: string): number[] {
  try {
    return readdirSync(dir).flatMap((name) => lockNumber(name) ?? []);
  } catch {
    return [];
  }
}

function held(
  dir: string,
  { process: { pid, host }, since }: SweepLauncher,
  what: string,
): ExpError {
  const id = basename(dir);
  return new ExpError(
    'EXP_USAGE',
    `The ${what} ${id} is run by process ${pid} on "${host}" since ${since}. ` +
      `Wait for it, or end it there with: npx run-exp stop ${id.slice(-6)}`,
  );
}

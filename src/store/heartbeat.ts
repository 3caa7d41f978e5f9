import { truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../core/layout.ts';

const EVERY_MS = 5_000;
/** What it keeps of the disk while the run works, in bytes. */
const RESERVE = 32 * 1024;

/**
 * The file that is touched every few seconds while a run works. It holds some room on the disk: a
 * disk that the run has filled takes the last manifest all the same, which says what is lost.
 */
export class Heartbeat {
  readonly #path: string;
  readonly #timer: NodeJS.Timeout;
  #beatAt = performance.now();

  constructor(runDir: string) {
    this.#path = join(runDir, RUN_FILES.heartbeat);
    writeFileSync(this.#path, Buffer.alloc(RESERVE));
    this.#timer = setInterval(() => this.#beat(), EVERY_MS).unref();
  }

  /** For loops that never yield, in which no timer fires. */
  beatIfDue(): void {
    if (performance.now() - this.#beatAt > EVERY_MS) this.#beat();
  }

  /** Stops, and frees the room it held. */
  stop(): void {
    clearInterval(this.#timer);
    try {
      truncateSync(this.#path, 0);
    } catch {
      // if it is gone, so is what it kept
    }
  }

  #beat(): void {
    const now = new Date();
    this.#beatAt = performance.now();
    try {
      utimesSync(this.#path, now, now);
    } catch {
      // the directory is gone: the sinks will say so, with what is lost
    }
  }
}

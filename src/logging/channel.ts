import { messageOf } from '../core/errors.ts';
import type { MediaRecord } from '../core/media.ts';
import type { Row } from '../core/record.ts';
import type { RunEnding } from '../core/sink.ts';

const MAX_FAILURES = 5;

/** The most rows kept for a sink that does not take them: what bounds the memory. */
export const MAX_WAITING_ROWS = 100_000;

/** What a sink is offered at a time: rows, or one piece of media. */
export type Batch = readonly Row[] | MediaRecord;

/** How many records a batch holds. */
export function sizeOf(batch: Batch): number {
  return isRows(batch) ? batch.length : 1;
}

/** True for a batch of rows. */
export function isRows(batch: Batch): batch is readonly Row[] {
  return Array.isArray(batch);
}

/** What is missing in a sink that failed. */
export interface Degraded {
  readonly sink: string;
  readonly reason: string;
  /** Rows, and pieces of media, that did not reach it. */
  readonly rows: number;
}

/**
 * The way from the fan-out to one sink. It writes, keeps what could not be written for the next
 * try, and closes the sink off when it keeps failing: after that it only counts what is lost.
 */
export abstract class Channel {
  readonly sink: string;
  #failures = 0;
  #reason: string | undefined;
  #lost = 0;
  #lastError = 'it did not take its last rows';

  constructor(sink: string) {
    this.sink = sink;
  }

  /** Offers a batch, and before it whatever an earlier failure left over. Never throws. */
  offer(batch: Batch): void {
    if (this.#reason !== undefined) {
      this.#lost += sizeOf(batch);
      return;
    }
    try {
      this.send(batch);
    } catch (error) {
      this.failed(error);
    }
  }

  get degraded(): Degraded | undefined {
    if (this.#reason === undefined) return undefined;
    return { sink: this.sink, reason: this.#reason, rows: this.#lost };
  }

  /** Tries once more to get rid of what waits, and gives the rest up; nothing may be awaited. */
  closeNow(ending: RunEnding): void {
    this.offer([]);
    try {
      this.endNow(ending);
    } catch (error) {
      this.#giveUp(messageOf(error));
    }
    if (this.waiting > 0) this.#giveUp(this.#lastError);
  }

  /** Closes the sink; what fails here is part of {@link degraded}. Never rejects. */
  async close(ending: RunEnding): Promise<void> {
    this.offer([]);
    try {
      await this.end(ending);
    } catch (error) {
      this.#giveUp(messageOf(error));
    }
    if (this.waiting > 0) this.#giveUp(this.#lastError);
  }

  protected succeeded(): void {
    this.#failures = 0;
  }

  protected failed(error: unknown): void {
    this.#failures++;
    this.#lastError = messageOf(error);
    const isFull = this.waiting > MAX_WAITING_ROWS;
    if (this.#failures >= MAX_FAILURES || isFull) this.#giveUp(this.#lastError);
  }

  #giveUp(reason: string): void {
    const isNew = this.#reason === undefined;
    this.#reason ??= reason;
    this.#lost += this.waiting;
    this.drop();
    if (isNew) {
      process.stderr.write(
        `exptools: the ${this.sink} sink failed and takes no more rows: ${this.#reason}\n`,
      );
    }
  }

  /** Rows accepted by {@link send} but not written. */
  protected abstract readonly waiting: number;
  protected abstract drop(): void;
  protected abstract send(batch: Batch): void;
  protected abstract end(ending: RunEnding): void | Promise<void>;
  /** What of {@link end} can be done without waiting. */
  protected abstract endNow(ending: RunEnding): void;
}

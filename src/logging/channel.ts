import { messageOf } from '../core/errors.ts';
import type { RunEnding } from '../core/sink.ts';
import { isTooMuch, sizeOf, type Batch, type Load } from './load.ts';

/** A sink that failed so often is tried again every {@link RETRY_MS} only, and the user is told. */
const QUICK_TRIES = 5;
const RETRY_MS = 1_000;

/** What is missing in a sink that failed. */
export interface Degraded {
  readonly sink: string;
  readonly reason: string;
  /** Rows, and pieces of media, that did not reach it, or not with all their values. */
  readonly rows: number;
}

/**
 * The way from the fan-out to one sink. It writes, keeps what could not be written for the next
 * try, and closes the sink off when too much waits: after that it only counts what is lost.
 */
export abstract class Channel {
  readonly sink: string;
  #failures = 0;
  #retryAt = 0;
  #reason: string | undefined;
  #lost = 0;
  #isClosing = false;
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
    if (sizeOf(batch) > 0) this.keep(batch);
    const isToWait = this.#failures >= QUICK_TRIES && performance.now() < this.#retryAt;
    if (!isToWait) this.#try();
    if (isTooMuch(this.waiting)) {
      this.#giveUp(this.#failures > 0 ? this.#lastError : 'it does not keep up');
    }
  }

  /**
   * How many records of its sink stand by now, all of them being where they belong; `undefined` where
   * nobody can say.
   */
  get records(): number | undefined {
    return undefined;
  }

  /** Waits for what goes on in the background, before records are counted. */
  async prepare(): Promise<void> {}

  /** Waits until what was written outlives a loss of power. @throws what the disk says */
  sync(): void {}

  /** True while nothing has been lost, and nothing waits. */
  protected get isWhole(): boolean {
    return this.#reason === undefined && this.waiting.rows === 0;
  }

  /** Prepares for {@link closeNow}: from now on nothing may be started that takes its time. */
  hurry(): void {}

  get degraded(): Degraded | undefined {
    if (this.#reason === undefined) return undefined;
    return { sink: this.sink, reason: this.#reason, rows: this.#lost };
  }

  /** Tries once more to get rid of what waits, and gives the rest up; nothing may be awaited. */
  closeNow(ending: RunEnding): void {
    this.#tryAgain();
    try {
      this.endNow(ending);
    } catch (error) {
      this.#giveUp(messageOf(error));
    }
    if (this.waiting.rows > 0) this.#giveUp(this.#lastError);
    this.release();
  }

  /** Closes the sink; what fails here is part of {@link degraded}. Never rejects. */
  async close(ending: RunEnding): Promise<void> {
    this.#isClosing = true;
    this.#tryAgain();
    try {
      await this.end(ending);
    } catch (error) {
      this.#giveUp(messageOf(error));
    }
    if (this.waiting.rows > 0) this.#giveUp(this.#lastError);
    this.#isClosing = false;
    this.release();
  }

  /** Gives up what a {@link close} that is under way has not got rid of; the process ends. */
  cutShort(): void {
    if (this.#isClosing) this.#giveUp('the process ended before the sink had closed');
  }

  protected succeeded(): void {
    if (this.#failures >= QUICK_TRIES) say(`the ${this.sink} sink works again; it lost nothing`);
    this.#failures = 0;
  }

  protected failed(error: unknown): void {
    this.#failures++;
    this.#lastError = messageOf(error);
    this.#retryAt = performance.now() + RETRY_MS;
    if (this.#failures !== QUICK_TRIES) return;
    say(`the ${this.sink} sink fails, its rows wait and are tried again: ${this.#lastError}`);
  }

  #try(): void {
    try {
      this.send();
    } catch (error) {
      this.failed(error);
    }
  }

  #tryAgain(): void {
    this.#retryAt = 0;
    this.offer([]);
  }

  #giveUp(reason: string): void {
    const isNew = this.#reason === undefined;
    this.#reason ??= reason;
    this.#lost += this.waiting.rows;
    this.drop();
    if (isNew) say(`the ${this.sink} sink failed and takes no more rows: ${this.#reason}`);
  }

  /** What was kept and is not written. */
  protected abstract readonly waiting: Load;
  protected abstract keep(batch: Batch): void;
  protected abstract drop(): void;
  /** Writes what was kept, as far as it can. */
  protected abstract send(): void;
  protected abstract end(ending: RunEnding): Promise<void>;
  /** What of {@link end} can be done without waiting. */
  protected abstract endNow(ending: RunEnding): void;
  /** Lets go of what the channel holds; the sink may have failed or not. */
  protected release(): void {}
}

function say(text: string): void {
  process.stderr.write(`exptools: ${text}\n`);
}

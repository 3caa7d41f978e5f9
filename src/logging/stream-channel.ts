import type { RunEnding, StreamOutput } from '../core/sink.ts';
import { Channel, isRows, MAX_WAITING_ROWS, sizeOf, type Batch } from './channel.ts';

const CLOSE_DEADLINE_MS = 5_000;

/** Hands batches to a sink that writes by itself, one at a time; it may take its time over each. */
export class StreamChannel extends Channel {
  readonly #output: StreamOutput;
  #queue: Batch[] = [];
  /** What was handed over, until the sink says it has it. */
  #inFlight: Batch | undefined;
  #writing: Promise<void> | undefined;

  constructor(sink: string, output: StreamOutput) {
    super(sink);
    this.#output = output;
  }

  protected get waiting(): number {
    const inFlight = this.#inFlight === undefined ? 0 : sizeOf(this.#inFlight);
    return this.#queue.reduce((sum, batch) => sum + sizeOf(batch), inFlight);
  }

  protected drop(): void {
    this.#queue = [];
    this.#inFlight = undefined;
  }

  protected send(batch: Batch): void {
    if (sizeOf(batch) > 0) this.#queue.push(batch);
    while (this.#writing === undefined && this.#queue.length > 0) this.#writeNext();
    if (this.#writing !== undefined && this.waiting > MAX_WAITING_ROWS) {
      throw new Error('it does not keep up');
    }
  }

  // Closes as well, since what a sink does synchronously then is still done in time.
  protected endNow(ending: RunEnding): void {
    void Promise.resolve(this.#output.close?.(ending)).catch(() => {});
  }

  protected async end(ending: RunEnding): Promise<void> {
    const drained = async (): Promise<void> => {
      while (this.#writing !== undefined) {
        await this.#writing;
        this.offer([]);
      }
      await this.#output.close?.(ending);
    };
    await withDeadline(drained(), CLOSE_DEADLINE_MS);
  }

  #writeNext(): void {
    const next = this.#takeNext();
    this.#inFlight = next;
    try {
      const written = isRows(next) ? this.#output.write(next) : this.#output.writeMedia?.(next);
      if (written === undefined) this.#taken();
      else this.#writing = this.#settle(written);
    } catch (error) {
      this.#putBack();
      throw error;
    }
  }

  /** The oldest batch; all rows up to the next piece of media are one. */
  #takeNext(): Batch {
    const end = this.#queue.findIndex((batch) => !isRows(batch));
    if (end === 0) return this.#queue.shift()!;
    const rows = this.#queue.splice(0, end === -1 ? this.#queue.length : end).filter(isRows);
    return rows.length === 1 ? rows[0]! : rows.flat();
  }

  async #settle(written: Promise<void>): Promise<void> {
    try {
      await written;
      this.#taken();
    } catch (error) {
      this.#putBack();
      this.failed(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #putBack(): void {
    if (this.#inFlight !== undefined) this.#queue.unshift(this.#inFlight);
    this.#inFlight = undefined;
  }

  #taken(): void {
    this.#inFlight = undefined;
    this.succeeded();
  }
}

async function withDeadline(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not close within ${ms / 1000} s`)), ms);
  });
  await Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}

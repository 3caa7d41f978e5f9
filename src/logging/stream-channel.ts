import type { Row } from '../core/record.ts';
import type { StreamOutput } from '../core/sink.ts';
import { Channel, MAX_WAITING_ROWS } from './channel.ts';

const CLOSE_DEADLINE_MS = 5_000;

/** Hands batches to a sink that writes by itself, one at a time; it may take its time over each. */
export class StreamChannel extends Channel {
  readonly #output: StreamOutput;
  #queue: Row[] = [];
  /** Rows handed over, until the sink says it has them. */
  #inFlight: readonly Row[] = [];
  #writing: Promise<void> | undefined;

  constructor(sink: string, output: StreamOutput) {
    super(sink);
    this.#output = output;
  }

  protected get waiting(): number {
    return this.#queue.length + this.#inFlight.length;
  }

  protected drop(): void {
    this.#queue = [];
    this.#inFlight = [];
  }

  protected send(rows: readonly Row[]): void {
    for (const row of rows) this.#queue.push(row);
    if (this.#writing !== undefined) {
      if (this.waiting > MAX_WAITING_ROWS) throw new Error('it does not keep up');
      return;
    }
    if (this.#queue.length === 0) return;
    const written = this.#output.write(this.#queue);
    this.#inFlight = this.#queue;
    this.#queue = [];
    if (written === undefined) this.#taken();
    else this.#writing = this.#settle(written);
  }

  /** Closes as well, since what a sink does synchronously then is still done in time. */
  override closeNow(): void {
    super.closeNow();
    try {
      void Promise.resolve(this.#output.close?.()).catch(() => {});
    } catch (error) {
      this.failed(error);
    }
  }

  protected async end(): Promise<void> {
    const drained = async (): Promise<void> => {
      while (this.#writing !== undefined) {
        await this.#writing;
        this.offer([]);
      }
      await this.#output.close?.();
    };
    await withDeadline(drained(), CLOSE_DEADLINE_MS);
  }

  async #settle(written: Promise<void>): Promise<void> {
    try {
      await written;
      this.#taken();
    } catch (error) {
      this.#queue = [...this.#inFlight, ...this.#queue];
      this.#inFlight = [];
      this.failed(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #taken(): void {
    this.#inFlight = [];
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

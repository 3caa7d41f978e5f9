import type { Row } from '../core/record.ts';
import type { RunEnding, StreamOutput } from '../core/sink.ts';
import { Channel } from './channel.ts';
import { Backlog, isRows, loadOf, type Batch, type Load } from './load.ts';

const CLOSE_DEADLINE_MS = 5_000;

/** Hands batches to a sink that writes by itself, one at a time; it may take its time over each. */
export class StreamChannel extends Channel {
  readonly #output: StreamOutput;
  /** What the sink has not taken, in order; what it was handed is still the first of it. */
  readonly #queue = new Backlog<Batch>();
  #writing: Promise<void> | undefined;

  constructor(sink: string, output: StreamOutput) {
    super(sink);
    this.#output = output;
  }

  override get records(): number | undefined {
    return this.isWhole ? this.#output.records : undefined;
  }

  protected get waiting(): Load {
    return this.#queue.load;
  }

  protected keep(batch: Batch): void {
    this.#queue.push(batch, loadOf(batch));
  }

  protected drop(): void {
    this.#queue.clear();
  }

  protected send(): void {
    while (this.#writing === undefined && this.#queue.length > 0) this.#writeNext();
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

  /** Hands over the oldest batch; all rows up to the next piece of media are one. */
  #writeNext(): void {
    const media = this.#queue.findIndex((batch) => !isRows(batch));
    const count = media === 0 ? 1 : media === -1 ? this.#queue.length : media;
    const batches = this.#queue.peek(count);
    const [first] = batches;
    const written =
      first !== undefined && !isRows(first)
        ? this.#output.writeMedia?.(first)
        : this.#output.write(batches.length === 1 ? (first as Row[]) : (batches as Row[][]).flat());
    if (written === undefined) this.#taken(count);
    else this.#writing = this.#settle(written, count);
  }

  async #settle(written: Promise<void>, count: number): Promise<void> {
    try {
      await written;
      this.#taken(count);
    } catch (error) {
      this.failed(error);
    } finally {
      this.#writing = undefined;
    }
  }

  #taken(count: number): void {
    this.#queue.take(count);
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

import { join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import type { Row } from '../core/record.ts';
import type { Encoded, FileOutput, Sink, SinkRun, StreamOutput } from '../core/sink.ts';
import { AppendFile } from '../files/append-file.ts';

const MAX_FAILURES = 5;
const MAX_WAITING_ROWS = 100_000;
const CLOSE_DEADLINE_MS = 5_000;

/** What is missing in a sink that failed. */
export interface Degraded {
  readonly sink: string;
  readonly reason: string;
  /** Rows that did not reach it. */
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

  /** Offers rows, and with them whatever an earlier failure left over. Never throws. */
  offer(rows: readonly Row[]): void {
    if (this.#reason !== undefined) {
      this.#lost += rows.length;
      return;
    }
    try {
      this.send(rows);
    } catch (error) {
      this.failed(error);
    }
  }

  get degraded(): Degraded | undefined {
    if (this.#reason === undefined) return undefined;
    return { sink: this.sink, reason: this.#reason, rows: this.#lost };
  }

  /** Closes the sink; what fails here is part of {@link degraded}. Never rejects. */
  async close(): Promise<void> {
    this.offer([]);
    try {
      await this.end();
    } catch (error) {
      this.#reason ??= messageOf(error);
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
  protected abstract send(rows: readonly Row[]): void;
  protected abstract end(): void | Promise<void>;
}

/** Opens a sink for a run. @throws {ExpError} EXP_SINK, so that the run does not start. */
export function openChannel(sink: Sink, run: SinkRun): Channel {
  try {
    const output = sink.open(run);
    return 'file' in output
      ? new FileChannel(sink.name, output, run.dir)
      : new StreamChannel(sink.name, output);
  } catch (error) {
    throw new ExpError(
      'EXP_SINK',
      `The ${sink.name} sink cannot open: ${messageOf(error)}. Mend it or leave it out with --sinks.`,
      { cause: error },
    );
  }
}

class FileChannel extends Channel {
  readonly #output: FileOutput;
  readonly #file: AppendFile;
  /** Rows the sink failed to encode: they are offered again, before any later ones. */
  #unencoded: readonly Row[] = [];
  // What is encoded must be written in order: the encoder already counts on it.
  #unwritten: { readonly encoded: Encoded; readonly rows: number }[] = [];

  constructor(sink: string, output: FileOutput, dir: string) {
    super(sink);
    this.#output = output;
    this.#file = new AppendFile(join(dir, output.file));
    if (output.head !== undefined) this.#file.append(output.head);
  }

  protected get waiting(): number {
    return this.#unwritten.reduce((sum, { rows }) => sum + rows, this.#unencoded.length);
  }

  protected drop(): void {
    this.#unencoded = [];
    this.#unwritten = [];
  }

  protected send(rows: readonly Row[]): void {
    this.#unencoded = this.#unencoded.length === 0 ? rows : [...this.#unencoded, ...rows];
    if (this.#unencoded.length > 0) {
      const encoded = this.#output.encode(this.#unencoded);
      this.#unwritten.push({ encoded, rows: this.#unencoded.length });
      this.#unencoded = [];
    }
    for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
      const { append, rewrite } = next.encoded;
      if (rewrite === undefined) this.#file.append(append);
      else this.#file.rewrite(rewrite, append);
      this.#unwritten.shift();
    }
    this.succeeded();
  }

  protected end(): void {
    this.#file.close();
  }
}

class StreamChannel extends Channel {
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

import type { Encoded, FileOutput, RunEnding, SinkRun } from '../core/sink.ts';
import { Channel } from './channel.ts';
import { Backlog, isRows, loadOf, type Batch, type Load } from './load.ts';
import { openOutput } from './open-output.ts';
import { TableFile } from './table-file.ts';

/** Writes what a sink encodes to a file of the run, synchronously: a crash finds nothing half done. */
export class FileChannel extends Channel {
  readonly #output: FileOutput;
  readonly #file: TableFile;
  /** What the sink failed to encode: it is offered again, before anything later. */
  readonly #unencoded = new Backlog<Batch>();
  // What is encoded must be written in order: the encoder already counts on it.
  readonly #unwritten = new Backlog<Encoded>();
  /** Rows that lack cells of new columns for good. */
  #incomplete = 0;

  /** Creates the file, or goes on with that of an earlier attempt. */
  constructor(sink: string, output: FileOutput, run: SinkRun) {
    super(sink);
    this.#output = output;
    this.#file = new TableFile(openOutput(output, run), () => this.offer([]));
  }

  override hurry(): void {
    this.#file.stayInForeground();
  }

  override get records(): number | undefined {
    // Cells of new columns that a worker still copies are not in the file.
    return this.isWhole && this.#file.lateRows === 0 ? this.#output.records : undefined;
  }

  override async prepare(): Promise<void> {
    await this.#file.catchUp();
  }

  override sync(): void {
    this.#file.sync();
  }

  protected get waiting(): Load {
    const [a, b] = [this.#unencoded.load, this.#unwritten.load];
    return { rows: a.rows + b.rows + this.#incomplete, bytes: a.bytes + b.bytes };
  }

  protected keep(batch: Batch): void {
    this.#unencoded.push(batch, loadOf(batch));
  }

  protected drop(): void {
    this.#unencoded.clear();
    this.#unwritten.clear();
    this.#incomplete = 0;
  }

  protected send(): void {
    this.#file.advance();
    for (let next = this.#unencoded.first; next !== undefined; next = this.#unencoded.first) {
      const encoded = this.#encode(next.item);
      this.#unencoded.take(1);
      if (encoded === undefined) continue;
      const bytes = 200 + encoded.append.length;
      this.#unwritten.push(encoded, { rows: next.load.rows, bytes });
    }
    for (let next = this.#unwritten.first; next !== undefined; next = this.#unwritten.first) {
      this.#file.append(next.item, next.load.rows);
      this.#unwritten.take(1);
    }
    this.#file.advance();
    this.succeeded();
  }

  protected async end(ending: RunEnding): Promise<void> {
    try {
      await this.#file.settle();
    } catch (error) {
      this.#incomplete = this.#file.lateRows;
      throw error;
    }
    this.#finish(ending);
  }

  protected endNow(ending: RunEnding): void {
    this.hurry();
    try {
      this.#file.settleNow();
    } catch (error) {
      this.#incomplete = this.#file.lateRows;
      throw error;
    }
    this.#finish(ending);
  }

  protected override release(): void {
    this.#file.close();
  }

  #finish(ending: RunEnding): void {
    const isWhole = this.waiting.rows === 0 && this.degraded === undefined;
    const last = isWhole ? this.#output.end?.(ending) : undefined;
    if (last !== undefined) this.#file.append({ append: last }, 0);
  }

  #encode(batch: Batch): Encoded | undefined {
    if (isRows(batch)) return this.#output.encode(batch);
    const append = this.#output.encodeMedia?.(batch);
    return append === undefined ? undefined : { append };
  }
}

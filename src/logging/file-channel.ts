import { join } from 'node:path';
import type { Encoded, FileOutput, RunEnding } from '../core/sink.ts';
import { AppendFile } from '../files/append-file.ts';
import { Channel, isRows, sizeOf, type Batch } from './channel.ts';

/** Writes what a sink encodes to a file of the run, synchronously: a crash finds nothing half done. */
export class FileChannel extends Channel {
  readonly #output: FileOutput;
  readonly #file: AppendFile;
  /** What the sink failed to encode: it is offered again, before anything later. */
  #unencoded: Batch[] = [];
  // What is encoded must be written in order: the encoder already counts on it.
  #unwritten: { readonly encoded: Encoded; readonly size: number }[] = [];

  constructor(sink: string, output: FileOutput, dir: string) {
    super(sink);
    this.#output = output;
    this.#file = new AppendFile(join(dir, output.file));
    if (output.head !== undefined) this.#file.append(output.head);
  }

  protected get waiting(): number {
    const unwritten = this.#unwritten.reduce((sum, { size }) => sum + size, 0);
    return this.#unencoded.reduce((sum, batch) => sum + sizeOf(batch), unwritten);
  }

  protected drop(): void {
    this.#unencoded = [];
    this.#unwritten = [];
  }

  protected send(batch: Batch): void {
    if (sizeOf(batch) > 0) this.#unencoded.push(batch);
    for (let next = this.#unencoded[0]; next !== undefined; next = this.#unencoded[0]) {
      const encoded = this.#encode(next);
      this.#unencoded.shift();
      if (encoded !== undefined) this.#unwritten.push({ encoded, size: sizeOf(next) });
    }
    for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
      const { append, rewrite } = next.encoded;
      if (rewrite === undefined) this.#file.append(append);
      else this.#file.rewrite(rewrite, append);
      this.#unwritten.shift();
    }
    this.succeeded();
  }

  protected end(ending: RunEnding): void {
    this.endNow(ending);
  }

  protected endNow(ending: RunEnding): void {
    try {
      const isWhole = this.waiting === 0 && this.degraded === undefined;
      if (isWhole) this.#file.append(this.#output.end?.(ending) ?? '');
    } finally {
      this.#file.close();
    }
  }

  #encode(batch: Batch): Encoded | undefined {
    if (isRows(batch)) return this.#output.encode(batch);
    const append = this.#output.encodeMedia?.(batch);
    return append === undefined ? undefined : { append };
  }
}

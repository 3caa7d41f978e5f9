import { join } from 'node:path';
import type { Row } from '../core/record.ts';
import type { Encoded, FileOutput } from '../core/sink.ts';
import { AppendFile } from '../files/append-file.ts';
import { Channel } from './channel.ts';

/** Writes what a sink encodes to a file of the run, synchronously: a crash finds nothing half done. */
export class FileChannel extends Channel {
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

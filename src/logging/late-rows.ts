import { createTemporary, type AppendFile } from '../files/append-file.ts';
import { readChunks } from '../files/read-chunks.ts';
import { resizeRecords } from '../formats/csv-columns.ts';

const HEAD = 8; // columns and length, 32 bits each

/** Where late rows are kept beside the file they belong to. */
export function lateRowsPath(path: string): string {
  return `${path}.late.tmp`;
}

/**
 * Rows with more columns than their file has yet, in a file of their own until that one is wide
 * enough: memory does not hold them, and a worker can read them.
 */
export class LateRows {
  readonly #file: AppendFile;
  /** Rows that came in, all told. */
  count = 0;

  constructor(path: string) {
    this.#file = createTemporary(lateRowsPath(path));
  }

  get size(): number {
    return this.#file.size;
  }

  /** Appends records of that many columns, all or none. */
  append(columns: number, records: Uint8Array): void {
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(columns, 0);
    head.writeUInt32LE(records.length, 4);
    this.#file.append(Buffer.concat([head, records]));
  }

  cutTo(size: number): void {
    this.#file.cutTo(size);
  }

  remove(): void {
    this.#file.remove();
  }
}

/** Where the rows begin that even the new file has not all columns for. */
export interface TooWide {
  /** Offset in the new file. */
  readonly at: number;
  /** Offset among the late rows. */
  readonly late: number;
}

/**
 * Copies late rows, from one offset to another, to a file of that many columns. Rows with more go
 * without their last cells; what is returned says where the first such row is.
 */
export function copyLateRows(
  path: string,
  [from, to]: readonly [number, number],
  out: AppendFile,
  columns: number,
): TooWide | undefined {
  let tooWide: TooWide | undefined;
  for (let at = from; at < to;) {
    const head = readPart(path, at, HEAD);
    const width = head.readUInt32LE(0);
    const length = head.readUInt32LE(4);
    if (width > columns) tooWide ??= { at: out.size, late: at };
    out.append(resizeRecords(readPart(path, at + HEAD, length), columns - width));
    at += HEAD + length;
  }
  return tooWide;
}

function readPart(path: string, at: number, length: number): Buffer {
  return Buffer.concat([...readChunks(path, at, at + length)]);
}

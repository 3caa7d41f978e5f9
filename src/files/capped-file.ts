import { openSync, readSync, closeSync, rmSync } from 'node:fs';
import { AppendFile } from './append-file.ts';

const CHUNK = 1 << 20;

interface Segment {
  readonly file: AppendFile;
  bytes: number;
  lines: number;
}

/**
 * A file of lines that keeps its head and its tail when it gets too large. The head is half of it.
 * Behind that two segments beside the file take turns, each a quarter: all of it is on the disk at
 * any time, a quarter at least being the newest. Closing joins them, with a line that says how much
 * was left out. A file that stays below its limit is just that file.
 */
export class CappedFile {
  readonly path: string;
  readonly #limit: number;
  readonly #segmentPath: (number: number) => string;
  readonly #head: Segment;
  /** The newer segment is the last one. */
  readonly #tail: Segment[] = [];
  #nextSegment = 1;
  #droppedLines = 0;
  #droppedBytes = 0;

  /**
   * Creates the file; throws EEXIST if it is there already.
   * @param limit the size it may have, in bytes.
   * @param segmentPath names the segments beside it, counted from 1.
   */
  constructor(path: string, limit: number, segmentPath: (number: number) => string) {
    this.path = path;
    this.#limit = limit;
    this.#segmentPath = segmentPath;
    this.#head = { file: new AppendFile(path), bytes: 0, lines: 0 };
  }

  /** Appends whole lines, given without their breaks. */
  append(lines: readonly string[]): void {
    let text = '';
    let count = 0;
    let bytes = 0;
    for (const line of lines) {
      const size = Buffer.byteLength(line) + 1;
      if (count > 0 && !this.#hasRoom(bytes + size)) {
        this.#put(text, bytes, count);
        text = '';
        count = 0;
        bytes = 0;
      }
      text += `${line}\n`;
      count++;
      bytes += size;
    }
    if (count > 0) this.#put(text, bytes, count);
  }

  /** Joins head and tail to one file and closes it. */
  close(): void {
    if (this.#droppedLines > 0) {
      this.#head.file.append(
        `[... ${this.#droppedLines} lines (${this.#droppedBytes} bytes) are left out here ...]\n`,
      );
    }
    for (const { file, bytes } of this.#tail) {
      for (const chunk of chunksOf(file.path, bytes)) this.#head.file.append(chunk);
    }
    for (const { file } of this.#tail.splice(0)) {
      file.close();
      rmSync(file.path, { force: true });
    }
    this.#head.file.close();
  }

  /** Closes what there is, as it is: the disk takes nothing more. */
  abandon(): void {
    for (const { file } of [this.#head, ...this.#tail]) {
      try {
        file.close();
      } catch {
        // it is closed already
      }
    }
  }

  get #current(): Segment {
    return this.#tail.at(-1) ?? this.#head;
  }

  #hasRoom(more: number): boolean {
    const share = this.#tail.length === 0 ? this.#limit / 2 : this.#limit / 4;
    return this.#current.bytes + more <= share;
  }

  #put(text: string, bytes: number, lines: number): void {
    if (!this.#hasRoom(bytes) && this.#current.bytes > 0) this.#rotate();
    const segment = this.#current;
    segment.file.append(text);
    segment.bytes += bytes;
    segment.lines += lines;
  }

  #rotate(): void {
    if (this.#tail.length === 2) {
      const [oldest] = this.#tail.splice(0, 1);
      this.#droppedLines += oldest!.lines;
      this.#droppedBytes += oldest!.bytes;
      oldest!.file.close();
      rmSync(oldest!.file.path, { force: true });
    }
    const file = new AppendFile(this.#segmentPath(this.#nextSegment++));
    this.#tail.push({ file, bytes: 0, lines: 0 });
  }
}

function* chunksOf(path: string, size: number): Iterable<Uint8Array> {
  const reader = openSync(path, 'r');
  try {
    for (let at = 0; at < size;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - at));
      const count = readSync(reader, chunk, 0, chunk.length, at);
      if (count === 0) return;
      yield chunk.subarray(0, count);
      at += count;
    }
  } finally {
    closeSync(reader);
  }
}

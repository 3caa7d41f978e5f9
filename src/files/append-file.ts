import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

const CHUNK = 1 << 20;

/**
 * A file that one writer appends to. It knows the offset up to which all is well: an append that
 * fails is cut back to it, so the file never keeps half a batch. Writes are synchronous, since only
 * those are complete when a process ends in the middle of a busy loop.
 */
export class AppendFile {
  readonly path: string;
  #fd: number;
  #size = 0;

  /** Creates the file; throws EEXIST if it is there already. */
  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'wx');
  }

  /** Appends all bytes or, if that throws, none. */
  append(bytes: Uint8Array | string): void {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    // A file that was removed would take the bytes without a word, a shorter one with a gap before.
    const { nlink, size } = fstatSync(this.#fd);
    if (nlink === 0) throw new Error(`${this.path} was removed while the run wrote it`);
    if (size < this.#size) throw this.#shorter();
    try {
      writeFully(this.#fd, data, this.#size);
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
    this.#size += data.length;
  }

  /**
   * Replaces the file by `transform` of its bytes, followed by `tail`. Readers see the old file or
   * the new one. If it throws, the old file stands.
   */
  rewrite(
    transform: (earlier: Iterable<Uint8Array>) => Iterable<Uint8Array | string>,
    tail: Uint8Array | string,
  ): void {
    const temporary = `${this.path}.tmp`;
    const fd = openSync(temporary, 'w+');
    let size = 0;
    const put = (bytes: Uint8Array | string): void => {
      const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      writeFully(fd, data, size);
      size += data.length;
    };
    try {
      for (const chunk of transform(this.#chunks())) put(chunk);
      put(tail);
      fsyncSync(fd);
      renameSync(temporary, this.path);
    } catch (error) {
      closeSync(fd);
      rmSync(temporary, { force: true });
      throw error;
    }
    closeSync(this.#fd);
    this.#fd = fd;
    this.#size = size;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #shorter(): Error {
    return new Error(`${this.path} is shorter than what was written to it`);
  }

  *#chunks(): Iterable<Uint8Array> {
    const reader = openSync(this.path, 'r');
    try {
      for (let at = 0; at < this.#size;) {
        const chunk = Buffer.allocUnsafe(Math.min(CHUNK, this.#size - at));
        const count = readSync(reader, chunk, 0, chunk.length, at);
        if (count === 0) throw this.#shorter();
        yield chunk.subarray(0, count);
        at += count;
      }
    } finally {
      closeSync(reader);
    }
  }
}

// On a full disk, write() takes what fits and reports success; only the next one says ENOSPC.
function writeFully(fd: number, data: Uint8Array, position: number): void {
  for (let done = 0; done < data.length;) {
    done += writeSync(fd, data, done, data.length - done, position + done);
  }
}

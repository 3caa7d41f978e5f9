import {
  close,
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { readChunks, shorter } from './read-chunks.ts';

const BLOCK = 1 << 16;

/**
 * A file that one writer appends to. It knows the offset up to which all is well: an append that
 * fails is cut back to it, so the file never keeps half a batch. Writes are synchronous, since only
 * those are complete when a process ends in the middle of a busy loop.
 */
export class AppendFile {
  #path: string;
  #fd: number;
  #size = 0;

  /** Creates the file, or with `open` goes on with one; throws EEXIST or ENOENT. */
  constructor(path: string, how: 'create' | 'open' = 'create') {
    this.#path = path;
    this.#fd = openSync(path, how === 'create' ? 'wx' : 'r+');
    if (how === 'open') this.#size = fstatSync(this.#fd).size;
  }

  get path(): string {
    return this.#path;
  }

  /** The bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** Appends all bytes or, if that throws, none. */
  append(bytes: Uint8Array | string): void {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    // A file that was removed would take the bytes without a word, a shorter one with a gap before.
    const { nlink, size } = fstatSync(this.#fd);
    if (nlink === 0) throw new Error(`${this.path} was removed while the run wrote it`);
    if (size < this.#size) throw shorter(this.path);
    try {
      writeFully(this.#fd, data, this.#size);
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      throw error;
    }
    this.#size += data.length;
  }

  /** Takes back what was appended since the file had this size. */
  cutTo(size: number): void {
    ftruncateSync(this.#fd, size);
    this.#size = size;
  }

  /** Waits until everything is on the disk, where a loss of power does not reach it. */
  sync(): void {
    fsyncSync(this.#fd);
  }

  /** Takes the place of another file. Readers of that one see the old content or this. */
  moveTo(path: string): void {
    renameSync(this.path, path);
    this.#path = path;
  }

  /**
   * Replaces the file by `transform` of its bytes, followed by `tail`. Readers see the old file or
   * the new one. If it throws, the old file stands.
   * @param to where the new one stands; the old one stays if that is another place.
   */
  rewrite(
    transform: (earlier: Iterable<Uint8Array>) => Iterable<Uint8Array | string>,
    tail: Uint8Array | string,
    to: string = this.path,
  ): void {
    const next = createTemporary(`${to}.tmp`);
    try {
      const { path } = this;
      const size = this.#size;
      // One that can be gone through again.
      const pieces = transform({ [Symbol.iterator]: () => readChunks(path, 0, size) });
      for (const block of inBlocks(pieces)) next.append(block);
      next.append(tail);
      next.moveTo(to);
    } catch (error) {
      next.remove();
      throw error;
    }
    this.close();
    this.#path = to;
    this.#fd = next.#fd;
    this.#size = next.#size;
    // On its way to the disk, but not waited for: that would take longer than all the rest.
    fsync(this.#fd, () => {});
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Removes the file, unless somebody did, and closes it. */
  remove(): void {
    rmSync(this.path, { force: true });
    this.discard();
  }

  /** Closes a file that has no name any more: large ones take their time, and nobody waits. */
  discard(): void {
    close(this.#fd, () => {});
  }
}

/** Creates a file in place of what a crash may have left under its name. */
export function createTemporary(path: string): AppendFile {
  rmSync(path, { force: true });
  return new AppendFile(path);
}

/** Puts small pieces together, since every write has its price. */
function* inBlocks(pieces: Iterable<Uint8Array | string>): Generator<Uint8Array> {
  let block: Uint8Array[] = [];
  let size = 0;
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    block.push(bytes);
    size += bytes.length;
    if (size < BLOCK) continue;
    yield Buffer.concat(block);
    block = [];
    size = 0;
  }
  yield Buffer.concat(block);
}

// On a full disk, write() takes what fits and reports success; only the next one says ENOSPC.
function writeFully(fd: number, data: Uint8Array, position: number): void {
  for (let done = 0; done < data.length;) {
    done += writeSync(fd, data, done, data.length - done, position + done);
  }
}

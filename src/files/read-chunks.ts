import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;

/** Reads a part of a file that another one may append to, in chunks of at most a mebibyte. */
export function* readChunks(path: string, from: number, to: number): Generator<Buffer> {
  const reader = openSync(path, 'r');
  try {
    for (let at = from; at < to;) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, to - at));
      const count = readSync(reader, chunk, 0, chunk.length, at);
      if (count === 0) throw shorter(path);
      yield chunk.subarray(0, count);
      at += count;
    }
  } finally {
    closeSync(reader);
  }
}

/** What is wrong with a file from which someone took bytes away. */
export function shorter(path: string): Error {
  return new Error(`${path} is shorter than what was written to it`);
}

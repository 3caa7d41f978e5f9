import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const CHUNK = 1 << 20;

/** What a content is. */
export interface Hashed {
  /** In hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Pieces of a content, from a stream or at once. */
export type Chunks = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Writes a new file, hashed on the way; it is on the disk when this returns. Throws EEXIST. */
export async function writeHashed(chunks: Chunks, path: string): Promise<Hashed> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for await (const chunk of chunks) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      if (!(data instanceof Uint8Array))
        throw new Error('the stream gives what is no bytes or text');
      hash.update(data);
      bytes += data.byteLength;
      await file.writeFile(data); // where the last one ended
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Copies a file, hashed on the way; throws where the file changes meanwhile. */
export async function copyHashed(from: string, to: string): Promise<Hashed> {
  const source = await open(from, 'r');
  try {
    return await unchanged(source, (size) => writeHashed(chunksOf(source, size), to));
  } finally {
    await source.close();
  }
}

/** Hashes a file without holding it in memory; throws where it changes meanwhile. */
export async function hashFile(path: string): Promise<Hashed> {
  const file = await open(path, 'r');
  try {
    return await unchanged(file, async (size) => {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of chunksOf(file, size)) {
        hash.update(chunk);
        bytes += chunk.length;
      }
      return { sha256: hash.digest('hex'), bytes };
    });
  } finally {
    await file.close();
  }
}

async function unchanged(
  file: FileHandle,
  read: (size: number) => Promise<Hashed>,
): Promise<Hashed> {
  const before = await file.stat({ bigint: true });
  if (!before.isFile()) throw new Error('it is no regular file');
  const hashed = await read(Number(before.size));
  const after = await file.stat({ bigint: true });
  if (!isSame(before, after) || BigInt(hashed.bytes) !== after.size) {
    throw changed();
  }
  return hashed;
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs;
}

/** Whoever follows a file that grows and grows comes to no end: what is above its size is too much. */
async function* chunksOf(file: FileHandle, size: number): AsyncGenerator<Buffer> {
  for (let left = size; ;) {
    const buffer = Buffer.allocUnsafe(CHUNK);
    const { bytesRead } = await file.read(buffer, 0, CHUNK, null);
    if (bytesRead === 0) return;
    left -= bytesRead;
    if (left < 0) throw changed();
    yield buffer.subarray(0, bytesRead);
  }
}

function changed(): Error {
  return new Error('it changed while it was read');
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { crc32c } from '@node-rs/crc32';
import { aligned, MAGIC, PROLOGUE, VERSION } from './format.ts';
import type { Tree } from './value.ts';

const CHUNK = 1 << 22;

/** A file whose bytes were all checked. */
export interface Loaded {
  readonly info: unknown;
  readonly tree: Tree;
  /** The bytes of the segments, each with its lead in front; none if they were only checked. */
  readonly buffers: readonly ArrayBuffer[];
  readonly bytes: number;
}

/**
 * Reads a checkpoint, or with `verify` only makes sure that it could be read.
 * @throws Error that says what is wrong with the file.
 */
export function readWhole(path: string, how: 'load' | 'verify' = 'load'): Loaded {
  return withFile(path, (file) => {
    const start = readStart(file);
    const tree = parse(file, start.treeAt, start.treeLength, start.treeCrc, 'tree') as Tree;
    const dataAt = aligned(start.treeAt + start.treeLength);
    let end = start.treeAt + start.treeLength;
    const buffers: ArrayBuffer[] = [];
    for (const [i, { offset, length, crc32c: expected, lead = 0 }] of tree.segments.entries()) {
      checkZero(file, end, dataAt + offset);
      const buffer = new ArrayBuffer(how === 'load' ? lead + length : Math.min(CHUNK, length));
      const crc = readInto(
        file,
        dataAt + offset,
        length,
        buffer,
        how === 'load' ? lead : undefined,
      );
      if (crc !== expected) throw new Error(`segment ${i} does not have its checksum`);
      if (how === 'load') buffers.push(buffer);
      end = dataAt + offset + length;
    }
    checkZero(file, end, start.size);
    return { info: start.info, tree, buffers, bytes: start.size };
  });
}

/**
 * Reads what a checkpoint says about itself, and no more.
 * @throws Error that says what is wrong with the file.
 */
export function readInfo(path: string): { readonly info: unknown; readonly bytes: number } {
  return withFile(path, (file) => {
    const { info, size } = readStart(file);
    return { info, bytes: size };
  });
}

interface Start {
  readonly info: unknown;
  readonly treeAt: number;
  readonly treeLength: number;
  readonly treeCrc: number;
  readonly size: number;
}

function readStart(file: number): Start {
  const { size: actual } = fstatSync(file);
  if (actual < PROLOGUE) throw new Error(`it has ${actual} bytes, too few for a checkpoint`);
  const bytes = read(file, 0, PROLOGUE);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new Error('it does not begin as a checkpoint does');
  }
  if (crc32c(bytes.subarray(0, 44)) !== bytes.readUInt32LE(44)) {
    throw new Error('its first bytes do not have their checksum');
  }
  const version = bytes.readUInt32LE(8);
  if (version !== VERSION) {
    throw new Error(`it is of version ${version}, and this exptools reads version ${VERSION}`);
  }
  const order = bytes.toString('latin1', 40, 42);
  if (order !== endianness()) throw new Error(`its byte order, ${order}, is not this machine's`);
  const size = Number(bytes.readBigUInt64LE(24));
  if (size !== actual) throw new Error(`it has ${actual} bytes of ${size}`);
  const infoLength = bytes.readUInt32LE(12);
  return {
    info: parse(file, PROLOGUE, infoLength, bytes.readUInt32LE(32), 'info'),
    treeAt: PROLOGUE + infoLength,
    treeLength: Number(bytes.readBigUInt64LE(16)),
    treeCrc: bytes.readUInt32LE(36),
    size,
  };
}

function parse(file: number, at: number, length: number, crc: number, what: string): unknown {
  const text = read(file, at, length);
  if (crc32c(text) !== crc) throw new Error(`its ${what} does not have its checksum`);
  return JSON.parse(text.toString()) as unknown;
}

function checkZero(file: number, from: number, to: number): void {
  if (from < to && read(file, from, to - from).some((byte) => byte !== 0)) {
    throw new Error(`the bytes from ${from} to ${to} are not empty`);
  }
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readInto(file, at, length, bytes.buffer, bytes.byteOffset);
  return bytes;
}

/**
 * Reads bytes to a place in a buffer, or through it where no place is given.
 * @returns their checksum.
 */
function readInto(
  file: number,
  at: number,
  length: number,
  buffer: ArrayBuffer,
  place: number | undefined,
): number {
  let crc = 0;
  for (let done = 0; done < length;) {
    const size = Math.min(CHUNK, length - done);
    const chunk = new Uint8Array(buffer, place === undefined ? 0 : place + done, size);
    const count = readSync(file, chunk, 0, size, at + done);
    if (count === 0) throw new Error('it is shorter than it should be');
    crc = crc32c(chunk.subarray(0, count), crc);
    done += count;
  }
  return crc;
}

function withFile<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}

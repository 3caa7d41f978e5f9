import { closeSync, fsyncSync, openSync } from 'node:fs';
import { endianness } from 'node:os';
import { dirname } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { createTemporary, type AppendFile } from '../files/append-file.ts';
import type { Encoded } from './encode.ts';
import { aligned, MAGIC, PROLOGUE, VERSION } from './format.ts';
import type { Source } from './segments.ts';
import type { Segment, Tree } from './value.ts';

/**
 * Writes a checkpoint, straight from where its bytes are, beside its place and then there: readers
 * see all of it or nothing. Once it returns, a loss of power does not reach it. If it throws, nothing
 * stays. It is synchronous, so that a state cannot change while it is written.
 * @returns the size of the file.
 */
export function writeCheckpoint(
  path: string,
  temporary: string,
  info: object,
  { state, context, nodes, sources }: Encoded,
): number {
  const segments = place(sources);
  const tree: Tree = { state, context, nodes, segments };
  const infoText = Buffer.from(JSON.stringify(info));
  const treeText = textOf(tree);
  const start = aligned(PROLOGUE + infoText.length + treeText.length);
  const last = segments.at(-1);
  const size = start + (last === undefined ? 0 : last.offset + last.length);
  const file = createTemporary(temporary);
  try {
    file.append(prologue(infoText, treeText, size));
    file.append(infoText);
    file.append(treeText);
    sources.forEach((source, i) => {
      pad(file, start + segments[i]!.offset);
      for (const chunk of source.chunks()) file.append(chunk);
    });
    pad(file, size);
    file.sync();
    file.moveTo(path);
    syncDir(dirname(path));
  } catch (error) {
    file.remove();
    throw error;
  }
  file.close();
  return size;
}

function textOf(tree: Tree): Buffer {
  try {
    return Buffer.from(JSON.stringify(tree));
  } catch (error) {
    // longer than a string may be
    throw new Error(
      `the state has ${tree.nodes.length} objects, too many for one file; keep numbers in typed arrays`,
      { cause: error },
    );
  }
}

function place(sources: readonly Source[]): Segment[] {
  let end = 0;
  return sources.map((source) => {
    const offset = aligned(end);
    end = offset + source.length;
    let crc = 0;
    for (const chunk of source.chunks()) crc = crc32c(chunk, crc);
    const { length, lead } = source;
    return { offset, length, crc32c: crc, ...(lead !== undefined && lead > 0 && { lead }) };
  });
}

function prologue(info: Buffer, tree: Buffer, size: number): Buffer {
  const bytes = Buffer.alloc(PROLOGUE);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(info.length, 12);
  bytes.writeBigUInt64LE(BigInt(tree.length), 16);
  bytes.writeBigUInt64LE(BigInt(size), 24);
  bytes.writeUInt32LE(crc32c(info), 32);
  bytes.writeUInt32LE(crc32c(tree), 36);
  bytes.write(endianness(), 40, 'latin1');
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, 44)), 44);
  return bytes;
}

function pad(file: AppendFile, to: number): void {
  if (file.size < to) file.append(Buffer.alloc(to - file.size));
}

/** Makes the names in a directory outlive a loss of power, where the file system can. */
function syncDir(dir: string): void {
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } catch (error) {
    // some of those in a network take no such wish for a directory
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EINVAL', 'ENOTSUP', 'EBADF', 'EPERM', 'EACCES'].includes(code)) throw error;
  } finally {
    closeSync(fd);
  }
}

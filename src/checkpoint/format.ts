/*
 * A checkpoint is one file:
 *
 *   bytes 0 to 47   prologue: magic, version, lengths and checksums of the two texts, size of the file
 *   info            JSON: step, time, reason; enough to list checkpoints
 *   tree            JSON: the values, referring to nodes by number and to segments of bytes
 *   segments        bytes of arrays as they were in memory, each aligned to 64 bytes
 *
 * All between is zero, so that each byte of a file is known: any damage is noticed. Reading one
 * never runs code.
 */

/** What every checkpoint begins with. */
export const MAGIC: Buffer = Buffer.from('EXPCKPT\n', 'latin1');

export const VERSION = 1;

/** The bytes before the first text. */
export const PROLOGUE = 48;

const ALIGNMENT = 64;

/** The next place where a segment may begin. */
export function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

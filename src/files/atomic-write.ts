import { existsSync } from 'node:fs';
import { createTemporary } from './append-file.ts';

/**
 * Replaces a file: readers see the old content or the new, never a part. If it throws, the old
 * content stands. One writer at a time. It outlives a loss of power.
 */
export function writeAtomically(path: string, content: string): void {
  putInPlace(path, content, true);
}

/**
 * Creates a file that must not exist yet, whole: readers never see a part of it. One writer at a
 * time. What it writes outlives the process at once, and a loss of power a little later.
 */
export function createFile(path: string, content: Uint8Array | string): void {
  if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
  putInPlace(path, content, false);
}

function putInPlace(path: string, content: Uint8Array | string, isSynced: boolean): void {
  const file = createTemporary(`${path}.tmp`);
  try {
    file.append(content);
    if (isSynced) file.sync();
    file.moveTo(path);
  } catch (error) {
    file.remove();
    throw error;
  }
  file.close();
}

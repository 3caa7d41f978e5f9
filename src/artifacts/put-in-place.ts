import { linkSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UNFINISHED } from '../core/layout.ts';
import { ensureDir } from '../files/create-dir.ts';
import { numbered } from './file-name.ts';

/**
 * Makes a file or directory aside and gives it its name once it is whole. If `make` throws nothing of
 * it stays. Of equal names the later one gets a number; nothing is ever overwritten.
 * @param dir where it goes; absolute.
 * @param name relative to `dir`, as `checkedName` gives it.
 * @param make creates what is at the path it is given, which ends like the name.
 * @returns the absolute path that it has, and what `make` returned.
 */
export async function makeInPlace<T>(
  dir: string,
  name: string,
  make: (path: string) => Promise<T>,
): Promise<{ readonly path: string; readonly made: T }> {
  const parent = dirname(join(dir, name));
  ensureDir(parent);
  const aside = mkdtempSync(join(dir, UNFINISHED));
  try {
    const temporary = join(aside, name.slice(name.lastIndexOf('/') + 1));
    const made = await make(temporary);
    return { path: place(temporary, join(dir, name)), made };
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Removes what a process that was killed has left half made in a directory that nobody else uses. */
export function removeUnfinished(dir: string): void {
  for (const name of readdirSync(dir)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(dir, name), { recursive: true, force: true });
  }
}

function place(temporary: string, wanted: string): string {
  for (let number = 1; ; number++) {
    const path = numbered(wanted, number);
    if (!isThere(path) && claims(temporary, path)) return path;
  }
}

/** False if another process has taken the name in between. */
function claims(temporary: string, path: string): boolean {
  try {
    // A link never replaces a file, as renaming does.
    if (lstatSync(temporary).isDirectory()) renameSync(temporary, path);
    else linkSync(temporary, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTEMPTY') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
    // A file system without links: the name was free just now.
    renameSync(temporary, path);
    return true;
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

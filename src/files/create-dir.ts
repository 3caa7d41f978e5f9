import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';

/**
 * Creates a directory that must not exist yet, and its parents: of any number of processes that ask
 * for one name, exactly one succeeds.
 * @throws {ExpError} EXP_FILE
 */
export function createExclusiveDir(dir: string): void {
  try {
    ensureDir(dirname(dir));
    mkdirSync(dir);
  } catch (error) {
    throw new ExpError(
      'EXP_FILE',
      `Cannot create the directory "${dir}": ${messageOf(error)}. Choose another run root with --root.`,
      { cause: error },
    );
  }
}

/** Creates a directory, and its parents, unless it is there. */
// Not mkdir's own `recursive`: on a file system that refuses, /proc say, Node 20 tries for ever.
export function ensureDir(dir: string): void {
  if (existsSync(dir)) return;
  ensureDir(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    // another process was faster
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

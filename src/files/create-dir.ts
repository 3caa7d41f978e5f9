import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';

/**
 * Creates a directory that must not exist yet, and its parents: of any number of processes that ask
 * for one name, exactly one succeeds.
 * @throws {ExpError} EXP_FILE
 */
export function createExclusiveDir(dir: string): void {
  try {
    mkdirSync(dirname(dir), { recursive: true });
    mkdirSync(dir);
  } catch (error) {
    throw new ExpError(
      'EXP_FILE',
      `Cannot create the directory "${dir}": ${messageOf(error)}. Choose another run root with --root.`,
      { cause: error },
    );
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { ExpError, isExpError, messageOf, nearest } from '../core/errors.ts';

/**
 * The text of a file that a user has named.
 * @throws {ExpError} EXP_FILE if it cannot be read, with the name of a file near by that can.
 */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ExpError('EXP_FILE', problemText(file, error), { cause: error });
  }
}

function problemText(file: string, error: unknown): string {
  const shown = relative('', file);
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    const dir = dirname(file);
    if (!existsSync(dir)) {
      return `There is no file "${shown}": there is no directory "${relative('', dir)}".`;
    }
    const near = nearest(basename(file), readdirSync(dir));
    return `There is no file "${shown}".${near === undefined ? '' : ` Did you mean "${near}"?`}`;
  }
  if (code === 'EISDIR') return `"${shown}" is a directory. Name a file in it.`;
  if (code === 'EACCES') return `Cannot read "${shown}": you have no permission to.`;
  return `Cannot read "${shown}": ${messageOf(error)}.`;
}

/**
 * Reads what another file has named.
 * @throws {ExpError} EXP_FILE if it cannot be read, saying who named it.
 */
export function namedBy<T>(who: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isExpError(error) || error.code !== 'EXP_FILE') throw error;
    throw new ExpError('EXP_FILE', `${error.message} (named by ${who})`, { cause: error });
  }
}

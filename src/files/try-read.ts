import { readFileSync } from 'node:fs';

/**
 * The text of a file that need not be there: of a kernel that tells such things, of a process that
 * still runs. `undefined` where it cannot be read.
 */
export function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

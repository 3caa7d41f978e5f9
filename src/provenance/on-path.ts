import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** True for a program that `PATH` leads to. */
export function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK);
      return true;
    } catch {
      // not here; perhaps in the next directory
      return false;
    }
  });
}

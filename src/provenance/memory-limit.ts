import { join } from 'node:path';
import { tryRead } from '../files/try-read.ts';
import { tightestLimit } from './control-groups.ts';

// Version 1 says "no limit" by a number near 2^63.
const NO_LIMIT = 2 ** 60;

/**
 * How much memory control groups leave to this process, in bytes; `undefined` without a limit.
 * @param root of the file system that holds `proc` and `sys`.
 */
export function readMemoryLimit(root = '/'): number | undefined {
  return tightestLimit(root, 'memory', {
    v1: (folder) => bytesIn(join(folder, 'memory.limit_in_bytes')),
    v2: (folder) => bytesIn(join(folder, 'memory.max')),
  });
}

function bytesIn(file: string): number | undefined {
  const bytes = Number(tryRead(file) ?? Number.NaN);
  return bytes < NO_LIMIT ? bytes : undefined;
}

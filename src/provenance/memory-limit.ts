import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  try {
    const bytes = Number(readFileSync(file, 'utf8'));
    return Number.isFinite(bytes) && bytes < NO_LIMIT ? bytes : undefined;
  } catch {
    // not a group with this limit
    return undefined;
  }
}

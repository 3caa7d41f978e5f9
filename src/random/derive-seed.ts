import { createHash } from 'node:crypto';

/**
 * Derives a seed from a root seed and a path of names: the first 32 bits of SHA-256 over both. It
 * depends on nothing else, so code that is added elsewhere, or runs in another order, changes no seed.
 */
export function deriveSeed(root: number, path: readonly (string | number)[]): number {
  return createHash('sha256')
    .update(JSON.stringify([root, ...path]))
    .digest()
    .readUInt32BE();
}

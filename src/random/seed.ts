import { randomInt } from 'node:crypto';
import { ExpError } from '../core/errors.ts';

/** A root seed for a run whose user gave none. */
export function randomSeed(): number {
  return randomInt(2 ** 31);
}

/**
 * Accepts a root seed, as a number or as the text of one.
 * @throws {ExpError} EXP_USAGE if it is no whole number from 0.
 */
export function checkSeed(seed: unknown): number {
  const number = typeof seed === 'string' && seed.trim() !== '' ? Number(seed) : seed;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new ExpError('EXP_USAGE', `A seed must be a whole number from 0, got "${String(seed)}".`);
}

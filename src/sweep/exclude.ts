import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Variant } from './variants.ts';

/** The variants that are left, and which exclusions matched none. */
export interface Kept {
  readonly variants: readonly Variant[];
  readonly unmatched: readonly Variant[];
}

/**
 * Leaves out every variant that has all the values of one of the exclusions.
 * @throws {ExpError} EXP_SWEEP for an exclusion that names a key which is not swept, or if no variant
 *   is left.
 */
export function leaveOut(variants: readonly Variant[], exclusions: readonly Variant[]): Kept {
  const keys = Object.keys(variants[0] ?? {});
  for (const exclusion of exclusions) {
    const unknown = Object.keys(exclusion).find((key) => !keys.includes(key));
    if (unknown === undefined) continue;
    throw new ExpError(
      'EXP_SWEEP',
      `The sweep excludes ${textOf(exclusion)} but does not vary "${unknown}". ${suggest(unknown, keys)}`,
    );
  }
  const left = variants.filter((variant) => !exclusions.some((one) => isOf(variant, one)));
  if (left.length === 0) throw new ExpError('EXP_SWEEP', 'The sweep excludes all its variants.');
  return {
    variants: left,
    unmatched: exclusions.filter((one) => !variants.some((variant) => isOf(variant, one))),
  };
}

/** `lr=0.1 optimizer="sgd"`. */
export function textOf(variant: Variant): string {
  return Object.entries(variant)
    .map(([key, value]) => `${key}=${jsonLine(value)}`)
    .join(' ');
}

function isOf(variant: Variant, exclusion: Variant): boolean {
  return Object.entries(exclusion).every(
    ([key, value]) => jsonLine(variant[key]) === jsonLine(value),
  );
}

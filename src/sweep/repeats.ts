import { deriveSeed } from '../random/derive-seed.ts';
import type { Variant } from './variants.ts';

/** One planned run of a sweep. */
export interface Point {
  readonly variant: Variant;
  readonly variantIndex: number;
  /** Counted from 0. */
  readonly repeat: number;
}

/**
 * Every variant `repeats` times, all first repeats before any second one: a sweep that is stopped
 * has then given every variant about the same number of runs.
 */
export function inOrder(variants: readonly Variant[], repeats: number): Point[] {
  return Array.from({ length: repeats }, (_, repeat) =>
    variants.map((variant, variantIndex) => ({ variant, variantIndex, repeat })),
  ).flat();
}

/**
 * The root seed of a repeat. It is the same for all variants, so that they are compared under the
 * same luck, and differs between repeats; repeat 0 has the seed the user gave.
 */
export function repeatSeed(seed: number, repeat: number): number {
  return repeat === 0 ? seed : deriveSeed(seed, ['repeat', repeat]);
}

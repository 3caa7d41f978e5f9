import { existsSync, readdirSync } from 'node:fs';
import { isEventFile } from '../core/layout.ts';
import type { PlanResults } from '../sweeper/plan-results.ts';
import { isOver } from '../sweeper/variant-results.ts';

/** Programs of one sweep all write event files, or none does. */
const MOST_LOOKED_AT = 10;

/** True for a sweep whose runs have left something for TensorBoard; what a program writes counts. */
export function hasEventFiles({ runs }: PlanResults): boolean {
  const over = runs.filter(isOver).map(({ spec }) => spec);
  if (over.some(({ sinks }) => sinks.includes('tensorboard'))) return true;
  return over
    .slice(0, MOST_LOOKED_AT)
    .some(({ dir }) => existsSync(dir) && readdirSync(dir).some(isEventFile));
}

import { existsSync, readdirSync } from 'node:fs';
import { checkpointsDir, checkpointStep } from '../core/layout.ts';
import { DEFAULT_GRACE_S } from '../core/preemption.ts';
import type { RunSpec } from '../core/run-spec.ts';

/** What a run needs to end once its checkpoint is saved. */
const ENDING_MS = 3_000;

/**
 * How long a run that is told to end is waited for before it is killed, in milliseconds; `undefined`
 * for one that has saved no checkpoint: nobody knows that it ever will.
 */
export function patienceFor({ dir, grace = DEFAULT_GRACE_S }: RunSpec): number | undefined {
  const checkpoints = checkpointsDir(dir);
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  const hasSaved = names.some((name) => checkpointStep(name) !== undefined);
  return hasSaved ? grace * 1000 + ENDING_MS : undefined;
}

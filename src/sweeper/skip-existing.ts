import type { RunSpec } from '../core/run-spec.ts';
import { readRuns } from '../store/find-runs.ts';

/** Planned runs, and those that need not run since runs of equal configs have completed before. */
export interface Sifted {
  readonly left: readonly RunSpec[];
  /** The ids of the completed runs, for each planned one that is left out. */
  readonly existing: readonly string[];
}

/**
 * Leaves out runs whose experiment, command and resolved config have completed before. A seed counts
 * where it was chosen; otherwise every completed run stands for one repeat.
 */
export function skipExisting(root: string, planned: readonly RunSpec[]): Sifted {
  const [first] = planned;
  const completed = readRuns(root)
    .map(({ manifest }) => manifest)
    .filter(({ status, experiment }) => status === 'completed' && experiment === first?.experiment);
  const left: RunSpec[] = [];
  const existing: string[] = [];
  for (const spec of planned) {
    const isRandom = spec.origins['seed']?.layer === 'seed';
    const found = completed.findIndex(
      ({ configHash, command, seed }) =>
        configHash === spec.configHash &&
        command === spec.command &&
        (isRandom || seed === spec.seed),
    );
    if (found < 0) left.push(spec);
    else existing.push(...completed.splice(found, 1).map(({ id }) => id));
  }
  return { left, existing };
}

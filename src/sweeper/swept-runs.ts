import type { RunSpec } from '../core/run-spec.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import type { SweepResult, SweptRun } from './sweep-options.ts';
import type { FinishedRun, SweepState } from './sweep-state.ts';

/** A planned run as callers see it; without an end it has the status that is given. */
export function sweptRun(
  { id, dir, sweep }: RunSpec,
  status: SweptRun['status'],
  ended?: FinishedRun,
): SweptRun {
  const { variant = {}, repeat = 0 } = sweep ?? {};
  const { value, reason } = ended ?? {};
  return {
    id,
    dir,
    status: ended?.status ?? status,
    variant,
    repeat,
    ...(value !== undefined && { value }),
    ...(reason !== undefined && { reason }),
  };
}

/** The runs of a sweep that is over, and its best variant. */
export function sweptRuns(
  { runs }: SweepPlan,
  { finished, best }: SweepState,
): Pick<SweepResult, 'runs' | 'best'> {
  const ends = new Map(finished.map((run) => [run.spec.id, run]));
  return {
    runs: runs.map((spec) => sweptRun(spec, 'queued', ends.get(spec.id))),
    ...(best !== undefined && {
      best: {
        variant: best.variant,
        mean: best.mean,
        n: best.values.size,
        runs: [...best.values.keys()],
      },
    }),
  };
}

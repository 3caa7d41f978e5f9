import { ExpError } from '../core/errors.ts';
import type { CodeFiles, SourcesState } from '../core/sources.ts';
import type { KeptRequest } from '../core/sweep-space.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { identify } from '../store/process-identity.ts';
import type { SweepPlan } from '../store/sweep-files.ts';

/**
 * What `sweep.json` will hold for planned runs.
 * @throws {ExpError} EXP_SWEEP if there are none.
 */
export function freezePlan(
  planned: PlannedSweep,
  sources: SourcesState | undefined,
  request?: SweepRequest,
  code?: CodeFiles,
): SweepPlan {
  const { id, keys, repeats, space } = planned;
  const runs = planned.runs.map((run) => ({ ...run, ...(sources !== undefined && { sources }) }));
  const [first] = runs;
  if (first === undefined) throw new ExpError('EXP_SWEEP', 'The sweep has no runs.');
  return {
    format: 1,
    id,
    experiment: first.experiment,
    createdAt: new Date().toISOString(),
    launcher: identify(),
    ...(first.objective !== undefined && { objective: first.objective }),
    keys,
    repeats,
    runs,
    ...(request !== undefined && { request: keep(request), space }),
    ...(code !== undefined && { code }),
  };
}

/** But for what the plan says already, and what is another one at another time or place. */
function keep(request: SweepRequest): KeptRequest {
  const { root: _root, git: _git, ghost: _ghost, seed: _seed, ...asked } = request;
  const { axes: _axes, samples: _samples, repeats: _repeats, ...kept } = asked;
  return { ...kept, cwd: process.cwd() };
}

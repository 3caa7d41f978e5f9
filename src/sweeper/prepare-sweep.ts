import { randomInt } from 'node:crypto';
import { ExpError } from '../core/errors.ts';
import { sweepDir } from '../core/layout.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { CodeFiles } from '../core/sources.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import type { Project } from '../project/project-config.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { freezePlan } from './freeze-plan.ts';
import type { Runner } from './runner.ts';
import { skipExisting } from './skip-existing.ts';

/** A sweep that is planned. Nothing is written yet. */
export interface PreparedSweep {
  readonly planned: PlannedSweep;
  /** The runs to execute, in order. */
  readonly left: readonly RunSpec[];
  /** Completed runs that stand for those which are left out. */
  readonly existing: readonly string[];
  /** The code as it was; none for a sweep that will not be executed. */
  readonly code?: CodeFiles;
}

/** Which of the planned runs to execute. */
export interface Choice {
  /** A single one, counted from 1 in the order of the plan. */
  readonly pick?: number | 'random';
  /** The run root whose completed runs need not run again. */
  readonly skipExistingIn?: string;
  /** True if nothing will be executed. Default false. */
  readonly isDryRun?: boolean;
}

/**
 * Plans a sweep and chooses its runs.
 * @throws {ExpError} as planning does; EXP_USAGE for a run that is not planned.
 */
export async function prepareSweep(
  { plan, code: readCode }: Pick<Runner, 'plan' | 'code'>,
  request: SweepRequest,
  { pick, skipExistingIn, isDryRun = false }: Choice = {},
): Promise<PreparedSweep> {
  // Beside each other: following the imports takes less time than loading them.
  const [all, code] = await Promise.all([plan(request), isDryRun ? undefined : readCode()]);
  const planned = pick === undefined ? all : pickOne(all, pick);
  const { left, existing } =
    skipExistingIn === undefined
      ? { left: planned.runs, existing: [] }
      : skipExisting(skipExistingIn, planned.runs);
  return { planned, left, existing, ...(code !== undefined && { code }) };
}

function pickOne(planned: PlannedSweep, pick: number | 'random'): PlannedSweep {
  const count = planned.runs.length;
  const number = pick === 'random' ? randomInt(count) + 1 : pick;
  const run = planned.runs[number - 1];
  if (run === undefined) {
    throw new ExpError('EXP_USAGE', `There is no run ${number}: the plan has runs 1 to ${count}.`);
  }
  const how = pick === 'random' ? ', picked at random' : '';
  return {
    ...planned,
    runs: [run],
    notes: [...planned.notes, `Only run ${number} of ${count}${how}.`],
  };
}

/** A sweep as it is frozen, and where. */
export interface FrozenSweep {
  /** The directory of the sweep, which is not there yet. */
  readonly dir: string;
  readonly plan: SweepPlan;
}

/**
 * Freezes what a prepared sweep will execute, with a backup of the sources where the project wants one.
 * @throws {ExpError} EXP_SWEEP if nothing is left to run.
 */
export function freezeSweep(
  { planned, left, code }: PreparedSweep,
  request: SweepRequest,
  project: Project,
): FrozenSweep {
  const { root, ghost } = request;
  const sources = ghost === true ? undefined : backUpSources(project, root);
  const plan = freezePlan({ ...planned, runs: left }, sources, request, code);
  return { dir: sweepDir(root, plan.experiment, plan.id), plan };
}

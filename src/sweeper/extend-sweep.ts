import { ExpError } from '../core/errors.ts';
import type { GitState } from '../core/run-spec.ts';
import type { SourcesState } from '../core/sources.ts';
import type { PlannedExtension } from '../experiment/plan-extension.ts';
import type { Widening } from '../experiment/widen-space.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { askWorker } from '../worker/worker-command.ts';

/** Around the planning of more runs. */
interface ExtensionContext {
  readonly root: string;
  readonly git: GitState | undefined;
  readonly verbose: boolean;
}

/**
 * Plans what a sweep gets when it is to have more values, repeats or samples. Nothing is changed.
 * @throws {ExpError} EXP_USAGE for a sweep whose plan does not say what it was planned from;
 *   EXP_SWEEP where nothing is new; as planning a sweep does.
 */
export async function planMore(
  plan: SweepPlan,
  widening: Widening,
  { root, git, verbose }: ExtensionContext,
): Promise<PlannedExtension> {
  const { id, experiment, repeats, runs, request, space } = plan;
  if (request?.file === undefined || space === undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `The sweep ${id} cannot be extended: its plan does not say what it was planned from. Start another one.`,
    );
  }
  const { file, cwd, ...asked } = request;
  const variants = new Map(runs.map(({ sweep }) => [sweep!.variantIndex, sweep!]));
  const extension = {
    id,
    request: { ...asked, file, root, ...(git !== undefined && { git }) },
    space,
    repeats,
    variants: [...variants.values()],
    widening,
  };
  return askWorker({ type: 'plan-extension', file, experiment, extension }, { verbose, cwd });
}

/** The plan of a sweep with the runs that were planned for it besides. */
export function withMore(
  plan: SweepPlan,
  { space, repeats, runs }: PlannedExtension,
  sources: SourcesState | undefined,
): SweepPlan {
  const added = runs.map((run) => ({ ...run, ...(sources !== undefined && { sources }) }));
  return { ...plan, space, repeats, runs: [...plan.runs, ...added] };
}

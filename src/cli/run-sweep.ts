import pc from 'picocolors';
import { sweepDir } from '../core/layout.ts';
import type { Slot } from '../core/launcher.ts';
import type { PlannedSweep } from '../experiment/plan.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { createSweep, type SweepPlan } from '../store/sweep-files.ts';
import { executeSweep } from '../sweeper/execute-sweep.ts';
import { freezePlan } from '../sweeper/freeze-plan.ts';
import { slotChooser } from '../launch/choose-slots.ts';
import { printDryRun } from './dry-run.ts';
import { withInterrupts } from './interrupts.ts';
import { rootFlag } from './project.ts';
import type { Asked } from './run-request.ts';
import type { RunFlags } from './run-options.ts';
import { skipExisting } from '../sweeper/skip-existing.ts';
import { chooseProgress } from './choose-progress.ts';
import { printResults } from './print-results.ts';
import { failures } from './sweep-report.ts';
import { SweepState } from '../sweeper/sweep-state.ts';
import { askWorker, workerCommand } from '../worker/worker-command.ts';

/** Plans a sweep, executes it on the slots of this machine and reports. Returns the exit code. */
export async function runSweep(
  file: string,
  { request, project, earlier }: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, verbose = false, experiment } = flags;
  const isGhost = request.ghost === true;
  const say = (text: string): unknown => quiet || process.stderr.write(text);
  const chooseSlots = slotChooser(flags);
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  const planned: PlannedSweep = await askWorker(
    { type: 'plan-sweep', request, ...subject },
    { verbose },
  );
  const { left, existing } =
    flags.skipExisting === true
      ? skipExisting(earlier, planned.runs)
      : { left: planned.runs, existing: [] };
  const { slots, notes } = left.length === 0 ? { slots: [], notes: [] } : chooseSlots(left.length);
  if (flags.dryRun === true) {
    const noted = { ...planned, notes: [...planned.notes, ...notes] };
    printDryRun({ planned: noted, left, slots }, flags.json === true);
    return 0;
  }
  if (left.length === 0) {
    say(`${pc.dim('skipped')}  all ${existing.length} runs of the sweep completed before\n`);
    return 0;
  }
  const plan = freezePlan(
    { ...planned, runs: left },
    isGhost ? undefined : backUpSources(project, request.root),
  );
  const said = [
    ...[...planned.notes, ...notes].map((note) => `${note}\n`),
    ...(existing.length > 0 ? [skippedText(existing.length, planned.runs.length)] : []),
  ];
  return executePlan(plan, { root: request.root, isGhost, slots, said }, flags);
}

/** Where and how a plan is executed. */
interface Place {
  readonly root: string;
  readonly isGhost: boolean;
  readonly slots: readonly Slot[];
  /** Lines to say below the headline. */
  readonly said: readonly string[];
}

async function executePlan(
  plan: SweepPlan,
  { root, isGhost, slots, said }: Place,
  { quiet = false, verbose = false, failFast = false, json = false, table }: RunFlags,
): Promise<number> {
  const dir = sweepDir(root, plan.experiment, plan.id);
  const state = new SweepState(plan);
  const progress = chooseProgress(state, { quiet, json });
  const launcher = new LocalLauncher(workerCommand({ verbose, ghost: isGhost }));
  const ending = await withInterrupts(
    (signal) => {
      createSweep(dir, plan);
      progress.begin({ dir, slots: slots.length, notes: said });
      const { runs } = plan;
      return executeSweep({ dir, state, runs, slots, launcher, failFast, signal }, progress);
    },
    (text) => progress.say(text),
  ).catch((error: unknown) => {
    progress.end(undefined);
    throw error;
  });
  progress.end(ending);

  const flag = isGhost ? undefined : await rootFlag(root);
  if (!json) printResults(state.results, { root, flag, quiet, table });
  process.stderr.write(failures(state, ending === 'interrupted', flag));
  return EXIT_CODES[ending];
}

const EXIT_CODES = { done: 0, failed: 1, interrupted: 130 } as const;

function skippedText(count: number, total: number): string {
  return `${pc.dim('skipped')}  ${count} of ${total} completed before\n`;
}

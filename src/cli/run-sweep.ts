import pc from 'picocolors';
import { sweepDir } from '../core/layout.ts';
import type { Slot } from '../core/launcher.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { withPinningCheck } from '../launch/check-pinning.ts';
import { LocalLauncher } from '../launch/local-launcher.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { createSweep, type SweepPlan } from '../store/sweep-files.ts';
import { executeSweep } from '../sweeper/execute-sweep.ts';
import { freezePlan } from '../sweeper/freeze-plan.ts';
import type { ResumedSweep } from '../sweeper/resume-sweep.ts';
import { slotChooser } from '../launch/choose-slots.ts';
import { detachSweep } from './detach.ts';
import { printDryRun } from './dry-run.ts';
import { withInterrupts } from './interrupts.ts';
import { rootFlag } from './project.ts';
import type { Asked } from './run-request.ts';
import type { RunFlags } from './run-options.ts';
import { skipExisting } from '../sweeper/skip-existing.ts';
import { policyOf } from './run-policy.ts';
import { takeSlots } from './take-slots.ts';
import { chooseProgress } from './choose-progress.ts';
import { printResults } from './print-results.ts';
import { failures, resumeHint } from './sweep-report.ts';
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
  const say = (text: string): unknown => quiet || flags.json === true || process.stderr.write(text);
  const chooseSlots = slotChooser(flags);
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  // Beside each other: following the imports takes less time than loading them.
  const files = project.file === undefined ? [file] : [file, project.file];
  const [planned, code] = await Promise.all([
    askWorker({ type: 'plan-sweep', request, ...subject }, { verbose }),
    flags.dryRun === true ? {} : codeFiles(files),
  ]);
  const { left, existing } =
    flags.skipExisting === true
      ? skipExisting(earlier, planned.runs)
      : { left: planned.runs, existing: [] };
  if (flags.dryRun === true) {
    const { slots, notes } =
      left.length === 0 ? { slots: [], notes: [] } : chooseSlots(left.length);
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
    request,
    code,
  );
  if (flags.detach === true) {
    const dir = sweepDir(request.root, plan.experiment, plan.id);
    createSweep(dir, plan).release();
    for (const note of planned.notes) say(`${note}\n`);
    return detachSweep(dir, flags);
  }
  const claimed = await takeSlots(
    { ...flags, quiet: quiet || flags.json === true },
    left.length,
    plan.id,
  );
  if (claimed === undefined) return EXIT_CODES.interrupted;
  const { slots, notes, release } = claimed;
  const said = [
    ...[...planned.notes, ...notes].map((note) => `${note}\n`),
    ...(existing.length > 0 ? [skippedText(existing.length, planned.runs.length)] : []),
  ];
  const place = { root: request.root, isGhost, slots, said };
  return executePlan(plan, place, flags).finally(release);
}

/** Where and how a plan is executed. */
interface Place {
  readonly root: string;
  readonly isGhost: boolean;
  readonly slots: readonly Slot[];
  /** Lines to say below the headline. */
  readonly said: readonly string[];
  /** For a sweep that goes on. */
  readonly resumed?: ResumedSweep;
}

/** Executes a plan, or what is left of it, and reports. Returns the exit code. */
export async function executePlan(
  plan: SweepPlan,
  { root, isGhost, slots, said, resumed }: Place,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, verbose = false, json = false, table } = flags;
  const dir = sweepDir(root, plan.experiment, plan.id);
  const state = resumed?.state ?? new SweepState(plan);
  const progress = chooseProgress(state, { quiet, json });
  const launcher = withPinningCheck(
    new LocalLauncher(workerCommand({ verbose, ghost: isGhost, cwd: plan.request?.cwd })),
    (text) => progress.update({ type: 'note', text: `${pc.yellow('note')}  ${text}` }),
  );
  const ending = await withInterrupts(
    (signal) => {
      const lock = resumed?.lock ?? createSweep(dir, plan);
      progress.begin({ dir, slots: slots.length, notes: said });
      const { runs, attempts } = resumed ?? { runs: plan.runs };
      const policy = policyOf(flags, signal);
      const before = attempts === undefined ? {} : { attempts };
      const execution = { dir, lock, state, runs, slots, launcher, policy, ...before };
      return executeSweep(execution, progress);
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
  if (!quiet && !json && flag !== undefined) process.stderr.write(resumeHint(state, flag));
  return EXIT_CODES[ending];
}

/** The exit codes of sweeps, by their ends. */
export const EXIT_CODES = { done: 0, failed: 1, interrupted: 130 } as const;

function skippedText(count: number, total: number): string {
  return `${pc.dim('skipped')}  ${count} of ${total} completed before\n`;
}

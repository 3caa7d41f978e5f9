import pc from 'picocolors';
import { sweepDir } from '../core/layout.ts';
import type { Launcher, Slot } from '../core/launcher.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { withPinningCheck } from '../launch/check-pinning.ts';
import { createSweep, type SweepPlan } from '../store/sweep-files.ts';
import { executeSweep } from '../sweeper/execute-sweep.ts';
import { freezeSweep, prepareSweep, type PreparedSweep } from '../sweeper/prepare-sweep.ts';
import type { ResumedSweep } from '../sweeper/resume-sweep.ts';
import { localRunner, type Runner } from '../sweeper/runner.ts';
import { SweepState } from '../sweeper/sweep-state.ts';
import { detachSweep } from './detach.ts';
import { printDryRun } from './dry-run.ts';
import { withInterrupts } from './interrupts.ts';
import { launcherOf } from './launcher-flag.ts';
import { rootFlag } from './project.ts';
import type { RunFlags } from './run-options.ts';
import { policyOf } from './run-policy.ts';
import type { Asked } from './run-request.ts';
import { chooseProgress } from './choose-progress.ts';
import { printResults } from './print-results.ts';
import { failures, resumeHint } from './sweep-report.ts';
import { takeSlots } from './take-slots.ts';

/** Plans a sweep, executes it on the slots of this machine and reports. Returns the exit code. */
export async function runSweep(
  file: string,
  asked: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { verbose = false, experiment } = flags;
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  if (launcherOf(flags) === 'debug') {
    // Loaded on demand: this process never meets the user's code otherwise.
    const { debugFlagged } = await import('./debug.ts');
    const code = await sweepWith(await debugFlagged(subject, flags), asked, flags);
    // What the user's code still waits for, a run that was stopped say, must not hold us.
    process.exit(code);
  }
  const ghost = asked.request.ghost === true;
  const { file: projectFile } = asked.project;
  const options = { verbose, ghost, flags, ...(projectFile !== undefined && { projectFile }) };
  return sweepWith(localRunner(subject, options), asked, flags);
}

/** The same with what plans and executes the runs. */
export async function sweepWith(
  runner: Runner,
  { request, project, earlier }: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const quiet = flags.quiet === true || flags.json === true;
  const prepared = await prepareSweep(runner, request, {
    ...(flags.debugPick !== undefined && { pick: flags.debugPick }),
    ...(flags.skipExisting === true && { skipExistingIn: earlier }),
    isDryRun: flags.dryRun === true,
  });
  if (flags.dryRun === true) {
    showPlan(prepared, runner, flags);
    return 0;
  }
  const { planned, left, existing } = prepared;
  if (left.length === 0) {
    const text = `all ${existing.length} runs of the sweep completed before`;
    if (!quiet) process.stderr.write(`${pc.dim('skipped')}  ${text}\n`);
    return 0;
  }
  const { dir, plan } = freezeSweep(prepared, request, project);
  if (flags.detach === true) {
    createSweep(dir, plan).release();
    for (const note of planned.notes) if (!quiet) process.stderr.write(`${note}\n`);
    return detachSweep(dir, flags);
  }
  const claimed = await takeSlots(runner, { runs: left.length, sweep: plan.id, quiet });
  if (claimed === undefined) return EXIT_CODES.interrupted;
  const { slots, notes, release } = claimed;
  const place = {
    root: request.root,
    isGhost: request.ghost === true,
    launcher: runner.launcher,
    slots,
    said: notesOf(prepared, notes),
  };
  return executePlan(plan, place, flags).finally(release);
}

function showPlan({ planned, left }: PreparedSweep, runner: Runner, flags: RunFlags): void {
  const { slots, notes } =
    left.length === 0 ? { slots: [], notes: [] } : runner.chooseSlots(left.length);
  const noted = { ...planned, notes: [...planned.notes, ...notes] };
  printDryRun({ planned: noted, left, slots }, flags.json === true);
}

/** Where and how a plan is executed. */
interface Place {
  readonly root: string;
  readonly isGhost: boolean;
  readonly launcher: Launcher;
  readonly slots: readonly Slot[];
  /** Lines to say below the headline. */
  readonly said: readonly string[];
  /** For a sweep that goes on. */
  readonly resumed?: ResumedSweep;
}

/** Executes a plan, or what is left of it, and reports. Returns the exit code. */
export async function executePlan(
  plan: SweepPlan,
  { root, isGhost, launcher, slots, said, resumed }: Place,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, json = false, table } = flags;
  const dir = sweepDir(root, plan.experiment, plan.id);
  const state = resumed?.state ?? new SweepState(plan);
  const isLive = launcher.name !== 'debug';
  const progress = chooseProgress(state, { quiet, json, isLive });
  const checked = withPinningCheck(launcher, (text) =>
    progress.update({ type: 'note', text: `${pc.yellow('note')}  ${text}` }),
  );
  const ending = await withInterrupts(
    (signal) => {
      const lock = resumed?.lock ?? createSweep(dir, plan);
      progress.begin({ dir, slots: slots.length, notes: said });
      const { runs, attempts } = resumed ?? { runs: plan.runs };
      const policy = policyOf(flags, signal);
      const before = attempts === undefined ? {} : { attempts };
      const how = { slots, launcher: checked, policy };
      return executeSweep({ dir, lock, state, runs, ...how, ...before }, progress);
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

/** Lines to say below the headline. */
function notesOf({ planned, existing }: PreparedSweep, notes: readonly string[]): string[] {
  const { runs } = planned;
  const skipped = `${pc.dim('skipped')}  ${existing.length} of ${runs.length} completed before\n`;
  return [
    ...[...planned.notes, ...notes].map((note) => `${note}\n`),
    ...(existing.length > 0 ? [skipped] : []),
  ];
}

import pc from 'picocolors';
import type { SweepRequest } from '../experiment/requests.ts';
import { createSweep } from '../store/sweep-files.ts';
import { freezeSweep, prepareSweep, type PreparedSweep } from '../sweeper/prepare-sweep.ts';
import { localRunner, type Runner } from '../sweeper/runner.ts';
import { detachSweep } from './detach.ts';
import { printDryRun } from './dry-run.ts';
import { executePlan, EXIT_CODES } from './execute-plan.ts';
import { launcherOf } from './launcher-flag.ts';
import type { RunFlags } from './run-flags.ts';
import type { Asked } from './run-request.ts';
import { takeSlots } from './take-slots.ts';

/** Plans a sweep of a file's experiment and executes it. Returns the exit code. */
export async function sweepFile(
  file: string,
  asked: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { verbose = false, experiment } = flags;
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  if (launcherOf(flags) === 'debug') {
    // Loaded on demand: this process never meets the user's code otherwise.
    const { loadDebugRunner } = await import('./debug.ts');
    const code = await startSweep(await loadDebugRunner(subject, flags), asked, flags);
    // What the user's code still waits for, a run that was stopped say, must not hold us.
    process.exit(code);
  }
  const ghost = asked.request.ghost === true;
  const { file: projectFile } = asked.project;
  const options = { verbose, ghost, flags, ...(projectFile !== undefined && { projectFile }) };
  return startSweep(localRunner(subject, options), asked, flags);
}

/** Plans a sweep, executes it on the slots of this machine and reports. Returns the exit code. */
export async function startSweep(
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
  const { left, existing } = prepared;
  if (left.length === 0) {
    const text = `all ${existing.length} runs of the sweep completed before`;
    if (!quiet) process.stderr.write(`${pc.dim('skipped')}  ${text}\n`);
    return 0;
  }
  const { dir, plan } = freezeSweep(prepared, request, project);
  if (flags.detach === true) {
    createSweep(dir, plan).release();
    if (!quiet) process.stderr.write(notesOf(prepared, []).join(''));
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

/** Lines to say below the headline. */
function notesOf({ planned, existing }: PreparedSweep, notes: readonly string[]): string[] {
  const { runs } = planned;
  const skipped = `${pc.dim('skipped')}  ${existing.length} of ${runs.length} completed before\n`;
  return [
    ...[...planned.notes, ...notes].map((note) => `${note}\n`),
    ...(existing.length > 0 ? [skipped] : []),
  ];
}

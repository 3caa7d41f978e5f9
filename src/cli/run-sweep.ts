import pc from 'picocolors';
import type { SweepRequest } from '../experiment/requests.ts';
import { createSweep } from '../store/sweep-files.ts';
import { executeSweep } from '../sweeper/execute-sweep.ts';
import { freezeSweep, prepareSweep, type PreparedSweep } from '../sweeper/prepare-sweep.ts';
import { localRunner, type Runner } from '../sweeper/runner.ts';
import { SweepState } from '../sweeper/sweep-state.ts';
import { printDryRun } from './dry-run.ts';
import { withInterrupts } from './interrupts.ts';
import { launcherOf } from './launcher-flag.ts';
import { rootFlag } from './project.ts';
import type { RunFlags } from './run-options.ts';
import type { Asked } from './run-request.ts';
import { sweepProgress } from './sweep-progress.ts';
import { failures, headline, report } from './sweep-report.ts';

/** Plans a sweep, executes it on the slots of this machine and reports. Returns the exit code. */
export async function runSweep(
  file: string,
  asked: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { verbose = false, experiment, slots, affinity } = flags;
  const subject = { file, ...(experiment !== undefined && { experiment }) };
  if (launcherOf(flags) === 'debug') {
    // Loaded on demand: this process never meets the user's code otherwise.
    const { debugFlagged } = await import('./debug.ts');
    const code = await sweepWith(await debugFlagged(subject, flags), asked, flags);
    // What the user's code still waits for, a run that was stopped say, must not hold us.
    process.exit(code);
  }
  const options = {
    verbose,
    ghost: asked.request.ghost === true,
    ...(slots !== undefined && { slots }),
    ...(affinity !== undefined && { affinity }),
  };
  return sweepWith(localRunner(subject, options), asked, flags);
}

/** The same with what plans and executes the runs. */
export async function sweepWith(
  runner: Runner,
  { request, project, earlier }: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false } = flags;
  const prepared = await prepareSweep(runner, request, {
    ...(flags.debugPick !== undefined && { pick: flags.debugPick }),
    ...(flags.skipExisting === true && { skipExistingIn: earlier }),
  });
  if (flags.dryRun === true) {
    printDryRun(prepared, flags.json === true);
    return 0;
  }
  const { left, existing } = prepared;
  if (left.length === 0) {
    const text = `all ${existing.length} runs of the sweep completed before`;
    if (!quiet) process.stderr.write(`${pc.dim('skipped')}  ${text}\n`);
    return 0;
  }
  const { dir, plan } = freezeSweep(prepared, request, project);
  const { root, ghost: isGhost = false } = request;
  const { slots } = prepared;
  const { launcher } = runner;
  const { failFast = false } = flags;
  const state = new SweepState(plan);
  const isLive = launcher.name !== 'debug';
  const progress = sweepProgress(state, process.stderr, { quiet, isLive });
  const ending = await withInterrupts(
    (signal) => {
      createSweep(dir, plan);
      const said = [headline(plan, slots.length), ...notesOf(prepared)];
      if (!quiet) process.stderr.write(said.join(''));
      const { runs } = plan;
      return executeSweep({ dir, state, runs, slots, launcher, failFast, signal }, progress);
    },
    (text) => progress.say(text),
  ).finally(() => progress.close());

  if (!quiet) {
    const flag = isGhost ? undefined : await rootFlag(root);
    process.stdout.write(report(state, root, flag));
  }
  process.stderr.write(failures(state, ending === 'interrupted'));
  return EXIT_CODES[ending];
}

const EXIT_CODES = { done: 0, failed: 1, interrupted: 130 } as const;

/** Lines to say below the headline. */
function notesOf({ planned: { notes, runs }, existing }: PreparedSweep): string[] {
  const skipped = `${pc.dim('skipped')}  ${existing.length} of ${runs.length} completed before\n`;
  return [...notes.map((note) => `${note}\n`), ...(existing.length > 0 ? [skipped] : [])];
}

import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import pc from 'picocolors';
import { ExpError } from '../core/errors.ts';
import { RUN_FILES } from '../core/layout.ts';
import { findSweep, listRunDirs, tryFindSweep, findRun } from '../store/find-runs.ts';
import { identify } from '../store/process-identity.ts';
import { journal, readJournal } from '../store/sweep-journal.ts';
import { launcherOfPlan } from '../sweeper/launcher-of-plan.ts';
import { slotSource } from '../sweeper/runner.ts';
import { resumeSweep, type ResumedSweep } from '../sweeper/resume-sweep.ts';
import { detachSweep, launched } from './detach.ts';
import { rootFlag, runRoot } from './project.ts';
import type { ResumeFlags, RunFlags } from './run-flags.ts';
import { EXIT_CODES, executePlan } from './execute-plan.ts';
import { canRunAgain } from './sweep-report.ts';
import { checkTogether } from './sweep-flags.ts';
import { takeSlots } from './take-slots.ts';

/**
 * Runs what is missing of a sweep, and reports on all of it. Returns the exit code.
 * @throws {ExpError} EXP_USAGE if there is no such sweep, or it is being run.
 */
export async function resume(name: string, given: ResumeFlags): Promise<number> {
  const flags = { ...given, quiet: given.quiet ?? process.env['EXP_QUIET'] === '1' };
  checkTogether(flags);
  const dir = sweepNamed(await runRoot(flags.root), name, 'resume');
  if (flags.detach === true) return detachSweep(dir, flags);
  const resumed = await resumeSweep(dir, { failed: flags.failed === true });
  return goOn(resumed, flags, []);
}

/**
 * The directory of a sweep.
 * @throws {ExpError} EXP_USAGE if there is none of that name; it says so if a run has it.
 */
export function sweepNamed(root: string, name: string, command: string): string {
  const isRun = name !== 'last' && tryFindSweep(root, name) === undefined && hasRun(root, name);
  if (!isRun) return findSweep(root, name);
  const { id, sweep } = findRun(root, name).manifest;
  const hint =
    sweep === undefined
      ? 'It belongs to none.'
      : `It belongs to one: npx run-exp ${command} ${sweep.id.slice(-6)}`;
  throw new ExpError('EXP_USAGE', `${command} takes sweeps, and ${id} is a run. ${hint}`);
}

function hasRun(root: string, name: string): boolean {
  const isPath = existsSync(join(resolve(name), RUN_FILES.manifest));
  return isPath || listRunDirs(root).some((dir) => basename(dir).includes(name));
}

/** Executes what is left of a sweep that this process has taken over. */
export async function goOn(
  resumed: ResumedSweep,
  flags: RunFlags,
  said: readonly string[],
): Promise<number> {
  const { dir, root, plan, lock, runs, state } = resumed;
  const say = (text: string): unknown => flags.quiet === true || process.stderr.write(text);
  if (runs.length === 0) {
    lock.release();
    say(completeText(resumed, await rootFlag(root)));
    return 0;
  }
  const { quiet = false, verbose = false } = flags;
  const source = slotSource(flags);
  const wish = { runs: runs.length, sweep: plan.id, quiet, onWait: () => launched(dir) };
  const claimed = await takeSlots(source, wish).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  if (claimed === undefined) {
    lock.release();
    return EXIT_CODES.interrupted;
  }
  const { slots, notes, release } = claimed;
  const isFresh = readJournal(dir).length === 0;
  if (!isFresh) journal(dir, { event: 'resumed', launcher: identify(), runs: runs.length });
  launched(dir);
  const over = state.failed.length === 0 ? '' : `; ${state.failed.length} failed`;
  const left = `${pc.dim('resumed')}  ${runs.length} of ${plan.runs.length} runs are left${over}`;
  const lines = [...said, ...notes, ...(isFresh ? [] : [left])].map((line) => `${line}\n`);
  const launcher = launcherOfPlan(plan, { verbose });
  const place = { root, isGhost: false, launcher, slots, said: lines, resumed };
  return executePlan(plan, place, flags).finally(release);
}

function completeText({ plan, state }: ResumedSweep, flag: string): string {
  const failed = state.failed.filter(canRunAgain).length;
  const total = plan.runs.length;
  const id = plan.id.slice(-6);
  if (state.failed.length === 0) {
    return `The sweep ${id} is complete: all ${total} runs have completed.\n`;
  }
  if (failed === 0) return `The sweep ${id} is complete: all ${total} runs have ended.\n`;
  return (
    `All ${total} runs of the sweep ${id} have ended, and ${failed} failed. ` +
    `To run those again: npx run-exp resume ${id} --failed${flag}\n`
  );
}

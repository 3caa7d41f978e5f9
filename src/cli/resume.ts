import { existsSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import pc from 'picocolors';
import { listCheckpoints } from '../checkpoint/list.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { RUN_FILES } from '../core/layout.ts';
import {
  findRun,
  findRunOrSweep,
  findSweep,
  listRunDirs,
  listSweepDirs,
  tryFindSweep,
} from '../store/find-runs.ts';
import { identify } from '../store/process-identity.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { journal, readJournal } from '../store/sweep-journal.ts';
import { CodeWatch } from '../sweeper/code-watch.ts';
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
 * Goes on with a run, or runs what is missing of a sweep and reports on all of it. Returns the exit code.
 * @throws {ExpError} EXP_USAGE if there is no such run or sweep, it is being run, or it has changed.
 */
export async function resume(name: string, given: ResumeFlags): Promise<number> {
  const flags = { ...given, quiet: given.quiet ?? process.env['EXP_QUIET'] === '1' };
  checkTogether(flags);
  const root = await runRoot(flags.root);
  const run = runNamed(root, name);
  if (run !== undefined) return resumeOne(root, run, flags);
  if (tryFindSweep(root, name) === undefined && name !== 'last') {
    const ids = [...listRunDirs(root), ...listSweepDirs(root)].map((dir) => basename(dir)).sort();
    throw new ExpError(
      'EXP_USAGE',
      `No run or sweep "${name}" under "${root}". ${suggest(name, ids.toReversed())}`,
    );
  }
  const dir = sweepNamed(root, name, 'resume');
  const runOnly = [
    flags.step !== undefined && '--step',
    flags.startOver === true && '--start-over',
    flags.checkpoint !== undefined && '--checkpoint',
    flags.grace !== undefined && '--grace',
  ].find((flag) => flag !== false);
  if (runOnly !== undefined) {
    throw new ExpError('EXP_USAGE', `${runOnly} is for runs, and ${basename(dir)} is a sweep.`);
  }
  if (flags.detach === true) return detachSweep(dir, flags);
  if (flags.dryRun === true) {
    throw new ExpError('EXP_USAGE', `--dry-run is for runs, and ${basename(dir)} is a sweep.`);
  }
  const resumed = await resumeSweep(dir, { failed: flags.failed === true });
  try {
    checkCode(resumed, flags);
  } catch (error) {
    resumed.lock.release();
    throw error;
  }
  return goOn(resumed, flags, []);
}

/** The run of that name; `undefined` where a sweep has it, or nothing. */
function runNamed(root: string, name: string): StoredRun | undefined {
  if (
    name === 'last'
      ? listRunDirs(root).length + listSweepDirs(root).length === 0
      : !hasRun(root, name)
  ) {
    return undefined;
  }
  const found = findRunOrSweep(root, name);
  return found.what === 'run' ? found.run : undefined;
}

async function resumeOne(root: string, run: StoredRun, flags: ResumeFlags): Promise<number> {
  const sweepOnly = [
    flags.failed === true && '--failed',
    flags.slots !== undefined && '--slots',
    flags.detach === true && '--detach',
    flags.failFast === true && '--fail-fast',
    flags.table !== undefined && '--table',
    flags.json === true && '--json',
  ].find((flag) => flag !== false);
  if (sweepOnly !== undefined) {
    throw new ExpError('EXP_USAGE', `${sweepOnly} is for sweeps, and ${run.manifest.id} is a run.`);
  }
  if (flags.step !== undefined && flags.startOver === true) {
    throw new ExpError(
      'EXP_USAGE',
      '--step goes on from a checkpoint and --start-over from none. Leave one out.',
    );
  }
  const { resumeRun } = await import('./resume-run.ts');
  return resumeRun(root, run, flags);
}

/** @throws {ExpError} EXP_USAGE if runs would go on from their checkpoints with other code. */
function checkCode({ plan, runs }: ResumedSweep, { allowChanges }: ResumeFlags): void {
  if (plan.code === undefined || allowChanges === true) return;
  const inMiddle = runs.filter(({ dir }) => listCheckpoints(dir).length > 0);
  if (inMiddle.length === 0) return;
  const files = new CodeWatch(plan.code).changed();
  if (files.length === 0) return;
  throw new ExpError(
    'EXP_USAGE',
    `The code has changed since the sweep ${plan.id} was planned, and ${inMiddle.length} of its runs ` +
      `would go on from their checkpoints:\n${files.map((file) => `  changed ${relative('', file)}\n`).join('')}` +
      'Undo that, or go on with it all the same by --allow-changes.',
  );
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

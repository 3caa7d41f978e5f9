import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { RUN_FILES, runDir } from '../core/layout.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { LauncherLock } from '../store/launcher-lock.ts';
import { StoredRun } from '../store/stored-run.ts';
import { readSweepPlan, type SweepPlan } from '../store/sweep-files.ts';
import { readJournal } from '../store/sweep-journal.ts';
import { endOrphans } from './end-orphans.ts';
import { SweepState } from './sweep-state.ts';

/** A sweep that another process has left, and what of it is to be run. */
export interface ResumedSweep {
  readonly dir: string;
  readonly root: string;
  readonly plan: SweepPlan;
  /** Held by this process. */
  readonly lock: LauncherLock;
  /** Knows the runs that are over and stay so. */
  readonly state: SweepState;
  /** In the order of the plan. */
  readonly runs: readonly RunSpec[];
  /** How many attempts each run has had, by its id. */
  readonly attempts: ReadonlyMap<string, number>;
}

/** Which runs that are over are run again. */
export interface ResumeOptions {
  /** True for those that have failed, or took too long. */
  readonly failed: boolean;
}

/**
 * Takes over a sweep: exactly the runs that are missing are to be run. A run that has completed never
 * is one of them, nor one that a user's own interrupt has ended. No process of the sweep is left.
 * @throws {ExpError} EXP_USAGE if a process runs it; EXP_FILE if its plan is damaged, or the file it
 *   runs is gone; as {@link endOrphans} does.
 */
export async function resumeSweep(dir: string, options: ResumeOptions): Promise<ResumedSweep> {
  const lock = new LauncherLock(dir);
  try {
    const plan = planAt(dir);
    checkFiles(plan);
    await endOrphans(plan.runs.flatMap(storedRun));
    return { dir, root: rootOf(dir), plan, lock, ...siftRuns(dir, plan, options) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The same sweep with runs that have been added to its plan. */
export function withRuns(
  resumed: ResumedSweep,
  plan: SweepPlan,
  options: ResumeOptions,
): ResumedSweep {
  return { ...resumed, plan, ...siftRuns(resumed.dir, plan, options) };
}

/** The plan of a sweep, its runs where they are now: a run root may be moved. @throws {ExpError} EXP_FILE */
export function planAt(dir: string): SweepPlan {
  const plan = readSweepPlan(dir);
  const root = rootOf(dir);
  const runs = plan.runs.map((spec) => ({ ...spec, dir: runDir(root, plan.experiment, spec.id) }));
  return { ...plan, runs };
}

function rootOf(dir: string): string {
  return resolve(dir, '../../..');
}

function checkFiles({ id, runs, request }: SweepPlan): void {
  const files = new Set(runs.flatMap(({ file }) => file ?? []));
  const missing = [...files, ...(request === undefined ? [] : [request.cwd])].find(
    (path) => !existsSync(path),
  );
  if (missing === undefined) return;
  throw new ExpError('EXP_FILE', `The sweep ${id} needs "${missing}", which is not there.`);
}

function storedRun({ dir }: RunSpec): StoredRun[] {
  return existsSync(join(dir, RUN_FILES.manifest)) ? [new StoredRun(dir)] : [];
}

const UNFINISHED: readonly string[] = ['queued', 'running', 'interrupted', 'lost'];
const FAILED: readonly string[] = ['failed', 'timeout'];

/** How often a run was started; a launcher that was killed at once counts, as it does in the journal. */
function attemptsOf({ manifest }: StoredRun): number {
  return manifest.attempts.length + (manifest.status === 'queued' ? 1 : 0);
}

/** The ids of runs that have failed and were to be tried again when the launcher was gone. */
function awaitingRetry(dir: string): Set<string> {
  const waiting = new Set<string>();
  for (const line of readJournal(dir)) {
    if (line.event === 'retry') waiting.add(line.run);
    else if (line.event === 'started') waiting.delete(line.run);
  }
  return waiting;
}

function siftRuns(
  dir: string,
  plan: SweepPlan,
  { failed }: ResumeOptions,
): Pick<ResumedSweep, 'state' | 'runs' | 'attempts'> {
  const again = failed ? [...UNFINISHED, ...FAILED] : UNFINISHED;
  const state = new SweepState(plan);
  const runs: RunSpec[] = [];
  const attempts = new Map<string, number>();
  const retrying = awaitingRetry(dir);
  for (const spec of plan.runs) {
    const [stored] = storedRun(spec);
    if (stored !== undefined) attempts.set(spec.id, attemptsOf(stored));
    const isOver = stored !== undefined && !again.includes(stored.status) && !retrying.has(spec.id);
    if (!isOver) runs.push(spec);
    else state.recalled(spec, stored.manifest);
  }
  return { state, runs, attempts };
}

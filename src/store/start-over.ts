import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError } from '../core/errors.ts';
import {
  attemptDir,
  isEventFile,
  isOfAttempt,
  isOfAttemptAlone,
  RUN_DIRS,
  RUN_FILES,
} from '../core/layout.ts';
import type { Attempt, Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { isFinished } from '../core/status.ts';
import { endLastAttempt } from './end-attempt.ts';
import { writeManifest } from './manifest-file.ts';
import { identify, isAlive } from './process-identity.ts';
import { createRunDir } from './run-dir.ts';
import { StoredRun } from './stored-run.ts';

/**
 * Makes a run that has ended, or was lost, ready for its next attempt, under the same id and in the
 * same directory. What the last attempt left moves to `attempts/<n>/`, files of the user's own stay
 * where they are, and the manifest says `queued` again.
 *
 * Event files of TensorBoard are removed, so that it shows one clean curve: their scalars are in
 * `attempts/<n>/progress.csv`. Where the attempt has written neither CSV nor JSON lines they move
 * as well.
 *
 * With a spec that says where to resume, only what an attempt has for itself moves, its output: the
 * process of the run cuts back the rest.
 *
 * If it is cut short, it can be done again. The caller sees to it that nobody else does the same.
 * @throws {ExpError} EXP_USAGE for a run that has completed or whose process is alive, EXP_FILE
 *   for a directory that holds no run, or another one than `spec`.
 */
export function startOver(dir: string, spec?: RunSpec): Manifest {
  const run = new StoredRun(dir);
  if (spec !== undefined && run.manifest.id !== spec.id) {
    throw new ExpError('EXP_FILE', `"${dir}" holds the run ${run.manifest.id}, not ${spec.id}.`);
  }
  const attempts = settledAttempts(run);
  // Before the manifest is replaced: what is cut short in between is found as it was.
  if (spec?.resume === undefined) setAside(dir, attempts.length);
  else setAside(dir, attempts.length, isOfAttemptAlone);
  const queued: Manifest = {
    ...withoutOutcome(run.manifest),
    ...(spec?.resume !== undefined && carriedOn(run.manifest)),
    // Config and code may be others by now.
    ...(spec !== undefined && { configHash: spec.configHash }),
    ...(spec?.changes !== undefined && changedCode(spec)),
    ...(spec?.sweep !== undefined && { sweep: spec.sweep }),
    status: 'queued',
    launcher: identify(),
    attempts: spec?.changes === undefined ? attempts : withCode(attempts, run.manifest, spec),
  };
  writeManifest(dir, queued);
  return queued;
}

/**
 * Makes the directory of a run ready for the process that is to execute it: a new one or, for a run
 * that has ended or was lost, the one it has.
 * @throws {ExpError} EXP_FILE, or EXP_USAGE as {@link startOver}.
 */
export function prepareRunDir(spec: RunSpec): Manifest {
  if (existsSync(join(spec.dir, RUN_FILES.manifest))) return startOver(spec.dir, spec);
  // Its launcher was killed while it made the directory: what it has made is made again.
  if (existsSync(spec.dir) && isHalfMade(spec.dir)) {
    rmSync(spec.dir, { recursive: true, force: true });
  }
  return createRunDir(spec);
}

function changedCode({ code, git }: RunSpec): Pick<Manifest, 'code' | 'git'> {
  return { ...(code !== undefined && { code }), ...(git !== undefined && { git }) };
}

/** The attempts, the last of them with the code that it ran where the next one runs other code. */
function withCode(
  attempts: readonly Attempt[],
  { git }: Manifest,
  { git: next }: RunSpec,
): readonly Attempt[] {
  if (git === undefined || next === undefined || git.snapshot === next.snapshot) return attempts;
  return [...attempts.slice(0, -1), { ...attempts.at(-1)!, git }];
}

/** The attempts of a run that is over, each with its end. */
function settledAttempts(run: StoredRun): Attempt[] {
  const { status, manifest } = run;
  const { id, attempts, launcher = identify(), createdAt } = manifest;
  const last = attempts.at(-1);
  if (status === 'completed' || manifest.entered?.status === 'completed') {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${id} has completed: there is nothing to resume or start over.`,
    );
  }
  if (!isFinished(status) && !isOurs(manifest)) {
    const { pid, host } = (status === 'running' ? last?.process : undefined) ?? launcher;
    throw new ExpError(
      'EXP_USAGE',
      `The run ${id} is ${status}, by process ${pid} on ${host}. Stop it before it is started over.`,
    );
  }
  if (manifest.status === 'queued') {
    // Its launcher has tried, whether or not it came to start a process.
    const reason = isOurs(manifest) ? 'its process never began' : 'its launcher was gone';
    const tried = { process: launcher, startedAt: createdAt, status: 'running' };
    return endLastAttempt([...attempts, tried], { status: 'interrupted', reason });
  }
  if (last === undefined || isFinished(last.status)) return [...attempts];
  return endLastAttempt(attempts, { status: 'interrupted', reason: 'its process was gone' });
}

/** True for a run that this very process has queued, or works on no more. */
function isOurs({ status, launcher }: Manifest): boolean {
  if (status !== 'queued' || launcher === undefined) return false;
  return launcher.pid === process.pid && isAlive(launcher) === true;
}

/** Moves what an attempt has left to a directory of its own. */
export function setAside(
  dir: string,
  attempt: number,
  isToMove: (name: string) => boolean = isOfAttempt,
): void {
  const to = attemptDir(dir, attempt);
  const names = readdirSync(dir).filter((name) => {
    const isRest = isToMove(name) && name.endsWith('.tmp');
    // What a kill leaves of a file that is rewritten is of no use.
    if (isRest) rmSync(join(dir, name), { force: true });
    return !isRest;
  });
  const hasRows = [RUN_FILES.progress, RUN_FILES.metrics].some(
    (name) => names.includes(name) || existsSync(join(to, name)),
  );
  const events = isToMove === isOfAttempt ? names.filter(isEventFile) : [];
  if (hasRows) for (const name of events) rmSync(join(dir, name), { force: true });
  const moved = [...names.filter(isToMove), ...(hasRows ? [] : events)];
  if (moved.length > 0) mkdirSync(to, { recursive: true });
  for (const name of moved) renameSync(join(dir, name), join(to, name));
}

const OUTCOME = [
  'startedAt',
  'endedAt',
  'elapsed',
  'step',
  'summary',
  'result',
  'error',
  'stopReason',
  'degraded',
  'children',
  'hookErrors',
  'reads',
  'entered',
  'host',
  'versions',
  'backend',
  'affinity',
] as const satisfies readonly (keyof Manifest)[];

/** The manifest as it was planned, without what came of it. */
function withoutOutcome(manifest: Manifest): Manifest {
  const kept: Partial<Record<keyof Manifest, unknown>> = { ...manifest };
  for (const key of OUTCOME) delete kept[key];
  const { objective } = manifest;
  if (objective !== undefined) {
    const { value: _, ...asked } = objective;
    kept.objective = asked;
  }
  return kept as Manifest;
}

/** What an attempt that goes on leaves as it is: what is missing in a sink, and runs inside of it. */
function carriedOn({
  startedAt,
  degraded,
  children,
}: Manifest): Pick<Manifest, 'startedAt' | 'degraded' | 'children'> {
  return {
    ...(startedAt !== undefined && { startedAt }),
    ...(degraded !== undefined && { degraded }),
    ...(children !== undefined && { children }),
  };
}

/** True for the directory of a run that holds nothing but what comes before its manifest. */
function isHalfMade(dir: string): boolean {
  const before: readonly string[] = [
    RUN_FILES.config,
    RUN_FILES.variant,
    RUN_FILES.sources,
    RUN_DIRS.sources,
  ];
  return readdirSync(dir).every(
    (name) => before.includes(name) || name.startsWith(`${RUN_FILES.manifest}.`),
  );
}

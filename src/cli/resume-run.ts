import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import pc from 'picocolors';
import { resumePoint } from '../checkpoint/resume-point.ts';
import { configChanges } from '../config/changes.ts';
import { ExpError } from '../core/errors.ts';
import { sweepDir } from '../core/layout.ts';
import type { Manifest } from '../core/manifest.ts';
import { REDACTED } from '../core/redact.ts';
import type { ResumePoint } from '../core/resume-point.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { CodeFiles } from '../core/sources.ts';
import { earlierConfig } from '../experiment/earlier-config.ts';
import { refuseStartOver } from '../experiment/fork.ts';
import type { RunRequest } from '../experiment/requests.ts';
import type { Session } from '../launch/session.ts';
import { checkPolicy } from '../checkpoint/policy.ts';
import { snapshotCode } from '../run/snapshot-code.ts';
import { joinSnapshots } from '../snapshots/snapshot.ts';
import { findRun } from '../store/find-runs.ts';
import { LauncherLock } from '../store/launcher-lock.ts';
import { replaceConfig } from '../store/run-dir.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { StoredRun } from '../store/stored-run.ts';
import { planAt } from '../sweeper/resume-sweep.ts';
import type { Question } from '../worker/protocol.ts';
import { codeChanges } from './changes-since.ts';
import { withInterrupts } from './interrupts.ts';
import { planAndExecute } from './plan-and-execute.ts';
import { projectAround } from './project.ts';
import type { ResumeFlags } from './run-flags.ts';

/**
 * Goes on with a run that has ended before its time, from its newest checkpoint. Returns the exit code.
 * @throws {ExpError} EXP_USAGE for a run that has completed, is alive, or whose config or code has
 *   changed; EXP_CHECKPOINT for a step without a checkpoint.
 */
export async function resumeRun(root: string, run: StoredRun, flags: ResumeFlags): Promise<number> {
  const { manifest, dir } = run;
  refuse(run);
  const place =
    manifest.sweep === undefined ? dir : sweepDir(root, manifest.experiment, manifest.sweep.id);
  const isDry = flags.dryRun === true;
  const lock = isDry
    ? undefined
    : new LauncherLock(place, manifest.sweep === undefined ? 'run' : 'sweep');
  try {
    // Somebody may have resumed it before the lock was ours.
    const now = new StoredRun(dir);
    refuse(now);
    return await withInterrupts((signal) => goOn(root, now, flags, signal));
  } finally {
    lock?.release();
  }
}

function goOn(
  root: string,
  run: StoredRun,
  flags: ResumeFlags,
  signal: AbortSignal,
): Promise<number> {
  const say = (text: string): unknown => flags.quiet === true || process.stderr.write(text);
  const plan = async (session: Session): Promise<RunSpec | undefined> => {
    const planned = await planAgain(session, root, run, flags);
    const { changes, patch, now } = await changesSince(run, planned);
    const isRefused = changes.length > 0 && flags.allowChanges !== true;
    if (isRefused && flags.dryRun !== true) throw changed(run.manifest, { changes, patch });
    const resume = await resumeAt(run, flags);
    say(`${pc.dim('resume')}  ${relative(process.cwd(), run.dir)}: ${resumeText(resume, flags)}\n`);
    if (isRefused) throw changed(run.manifest, { changes, patch });
    if (changes.length > 0) say(changes.map((line) => `${line}\n`).join(''));
    if (flags.dryRun === true) return undefined;
    const spec = {
      ...planned,
      ...(resume !== undefined && { resume }),
      // The next attempt is compared with what this one runs.
      ...(changes.length > 0 && { changes, ...(now !== undefined && { code: now }) }),
      ...(changes.length > 0 && (await codeNow(run, root))),
    };
    prepareRunDir(spec);
    if (changes.length > 0) replaceConfig(spec, run.manifest.attempts.length);
    return spec;
  };
  return planAndExecute(plan, { root, flags, signal });
}

/** The snapshot of the code as it is now, which keeps that of the attempts before. */
async function codeNow({ manifest }: StoredRun, root: string): Promise<Pick<RunSpec, 'git'>> {
  const git = snapshotCode(await projectAround(dirname(manifest.file!)), root);
  return git?.snapshot === undefined ? {} : { git: joinSnapshots(git, manifest.git) };
}

/** The run as its code would plan it now, in its place; one of a sweep as the sweep has planned it. */
async function planAgain(
  session: Session,
  root: string,
  run: StoredRun,
  flags: ResumeFlags,
): Promise<RunSpec> {
  const { manifest, dir } = run;
  const { file, experiment, id, sweep } = manifest;
  const more = {
    ...(flags.checkpoint !== undefined && {
      checkpoint: checkPolicy(flags.checkpoint, '--checkpoint'),
    }),
    ...(flags.grace !== undefined && { grace: flags.grace / 1000 }),
  };
  if (sweep !== undefined) {
    const plan = planAt(sweepDir(root, experiment, sweep.id));
    const planned = plan.runs.find((one) => one.id === id);
    const { code } = plan;
    if (planned !== undefined) return { ...planned, ...more, ...(code !== undefined && { code }) };
  }
  const question: Question = {
    type: 'plan-run',
    file: file!,
    experiment,
    request: requestOf(root, run),
  };
  const planned = await session.ask<RunSpec>(question);
  return { ...planned, ...more, id, dir };
}

function requestOf(root: string, run: StoredRun): RunRequest {
  const { manifest } = run;
  const { file, command, overrides, seed, sinks, name, comment, parent, from, git } = manifest;
  const { checkpoint, grace } = manifest;
  // What a fork has kept, and what a secret was, only the config itself knows.
  const isOnlyInConfig =
    manifest.forkedFrom !== undefined || overrides.some((text) => text.includes(REDACTED));
  const config = isOnlyInConfig
    ? { from: earlierConfig(run) }
    : {
        overrides,
        ...(manifest.with !== undefined && { with: manifest.with }),
        ...(from !== undefined && { from: earlierConfig(findRun(root, from)) }),
      };
  return {
    root,
    file: file!,
    command,
    ...config,
    seed,
    sinks,
    ...(name !== undefined && { name }),
    ...(comment !== undefined && { comment }),
    ...(parent !== undefined && { parent }),
    ...(git !== undefined && { git }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(grace !== undefined && { grace }),
  };
}

/** What is not as it was, a line each, and what of that is code as a patch. */
interface Changes {
  readonly changes: readonly string[];
  readonly patch: string;
  readonly now?: CodeFiles;
}

async function changesSince(run: StoredRun, planned: RunSpec): Promise<Changes> {
  const project = await projectAround(dirname(run.manifest.file!));
  const { lines, ...code } = await codeChanges(run, project, planned.code);
  return {
    changes: [...configChanges(run.readConfig().config, planned.config), ...lines],
    ...code,
  };
}

async function resumeAt(
  { dir, manifest }: StoredRun,
  { startOver, step }: ResumeFlags,
): Promise<ResumePoint | undefined> {
  if (startOver === true) {
    refuseStartOver(manifest);
    return undefined;
  }
  return resumePoint(dir, { ...(step !== undefined && { step }), warn });
}

function warn(text: string): void {
  process.stderr.write(`exptools: ${text}\n`);
}

function resumeText(resume: ResumePoint | undefined, { startOver }: ResumeFlags): string {
  if (resume !== undefined) return `goes on from its checkpoint of step ${resume.step}`;
  return startOver === true ? 'starts over' : 'has no checkpoint, and starts over';
}

/** @throws {ExpError} EXP_USAGE for a run that nobody can go on with, or that is under way. */
function refuse({ status, manifest }: StoredRun): void {
  const { id, file, program, attempts, launcher } = manifest;
  if (status === 'completed') {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${id} has completed: there is nothing to resume. To start another one from it: ` +
        `npx run-exp fork ${id.slice(-6)}` +
        (file === undefined
          ? ''
          : `; to add to it: npx run-exp ${relative('', file)} COMMAND --in ${id.slice(-6)}`),
    );
  }
  if (status === 'running' || status === 'queued') {
    const { pid, host } =
      (status === 'running' ? attempts.at(-1)?.process : undefined) ?? launcher!;
    throw new ExpError(
      'EXP_USAGE',
      `The run ${id} is ${status}, by process ${pid} on ${host}. ` +
        `Wait for it, or end it there with: npx run-exp stop ${id.slice(-6)}`,
    );
  }
  if (program !== undefined) {
    throw new ExpError('EXP_USAGE', `The run ${id} is one of a program, which is started anew.`);
  }
  if (file === undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${id} was started by code of your own. Resume it there: resumeRun(Experiment, "${id}").`,
    );
  }
  if (!existsSync(file)) {
    throw new ExpError('EXP_FILE', `The run ${id} needs "${file}", which is not there.`);
  }
}

function changed({ id }: Manifest, { changes, patch }: Changes): ExpError {
  return new ExpError(
    'EXP_USAGE',
    `The run ${id} is not what it was when it was started:\n` +
      changes.map((line) => `  ${line}\n`).join('') +
      (patch === '' ? '' : `${patch}\n`) +
      'Undo that, go on with it all the same by --allow-changes, or start another run from it: ' +
      `npx run-exp fork ${id.slice(-6)}`,
  );
}

import { resolve } from 'node:path';
import { sweepDir } from '../core/layout.ts';
import type { Place } from '../core/place.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import type { Runnable } from '../experiment/run-experiment.ts';
import type { Project } from '../project/project-config.ts';
import { readGitState } from '../provenance/git.ts';
import { ghostRoot } from '../run/ghost.ts';
import { noteStartedRuns } from '../run/open-runs.ts';
import { createSweep } from '../store/sweep-files.ts';
import { checkApart, requestOf } from './asked-sweep.ts';
import { executeSweep } from './execute-sweep.ts';
import { withListed } from './listed-variants.ts';
import { freezeSweep, prepareSweep, type PreparedSweep } from './prepare-sweep.ts';
import type { Runner } from './runner.ts';
import { sweepEvents } from './sweep-events.ts';
import type {
  FileSweepOptions,
  ProgramSweepOptions,
  ProgramTarget,
  SweepResult,
} from './sweep-options.ts';
import { sweptRuns } from './sweep-result.ts';
import { SweepState } from './sweep-state.ts';
import { experimentTarget, programTarget } from './sweep-target.ts';
import { untilSignal } from './until-signal.ts';

/** All that options may say, whatever is swept. */
export type AnyOptions = FileSweepOptions & ProgramSweepOptions;

/**
 * What {@link runSweep} does.
 * @param place where in the user's code it was called.
 * @throws {ExpError} for everything that keeps a sweep from starting: nothing was created.
 */
export async function sweepFromCode(
  target: string | ProgramTarget | Runnable<unknown>,
  options: AnyOptions,
  place: Place | undefined,
): Promise<SweepResult> {
  const { project, runner, file } = isProgram(target)
    ? await programTarget(target, options)
    : await experimentTarget(target, options);
  // Whoever starts a file with exptools/register wants no run of its experiment besides.
  noteStartedRuns();
  const base = options.root === undefined ? project.root : resolve(options.root);
  const ghost = ghostRoot(options.ghost);
  try {
    const git = readGitState(project.dir, base);
    const request: SweepRequest = {
      ...requestOf(options, base, place),
      root: ghost?.dir ?? base,
      ...(file !== undefined && { file }),
      ...(ghost !== undefined && { ghost: true }),
      ...(git !== undefined && { git }),
    };
    const prepared = await prepare(runner, request, options, base);
    return await execute(prepared, { runner, request, project }, options);
  } finally {
    ghost?.remove();
  }
}

async function prepare(
  runner: Runner,
  request: SweepRequest,
  options: AnyOptions,
  base: string,
): Promise<PreparedSweep> {
  const { skipExisting = false } = options;
  const plan: Runner['plan'] = async (what) => {
    const planned = await runner.plan(what);
    checkApart(planned.keys, what.values);
    return withListed(planned, what.root, options);
  };
  return prepareSweep({ ...runner, plan }, request, skipExisting ? { skipExistingIn: base } : {});
}

/** Around a sweep that is to be executed. */
interface Around {
  readonly runner: Runner;
  readonly request: SweepRequest;
  readonly project: Project;
}

async function execute(
  prepared: PreparedSweep,
  { runner, request, project }: Around,
  { failFast = false, signal: givenSignal, onEvent }: AnyOptions,
): Promise<SweepResult> {
  const { planned, left, existing, slots } = prepared;
  if (left.length === 0) {
    const { id, runs: skipped } = planned;
    const dir = sweepDir(request.root, skipped[0]!.experiment, id);
    return { id, dir, status: 'done', runs: [], existing };
  }
  const { dir, plan } = freezeSweep(prepared, request, project);
  const state = new SweepState(plan);
  const stop = new AbortController();
  const events = sweepEvents(runner.launcher, onEvent, () => stop.abort());
  const signals = [stop.signal, ...(givenSignal === undefined ? [] : [givenSignal])];
  const status = await untilSignal(AbortSignal.any(signals), (signal) => {
    createSweep(dir, plan);
    const { runs } = plan;
    const { launcher, listener } = events;
    return executeSweep({ dir, state, runs, slots, launcher, failFast, signal }, listener);
  });
  const thrown = events.thrown();
  if (thrown !== undefined) throw thrown.error;
  return { id: plan.id, dir, status, ...sweptRuns(plan, state), existing };
}

function isProgram(target: unknown): target is ProgramTarget {
  return typeof target === 'object' && target !== null && Object.hasOwn(target, 'exec');
}

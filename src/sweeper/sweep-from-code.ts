import { resolve } from 'node:path';
import { parseDuration } from '../core/duration.ts';
import { sweepDir } from '../core/layout.ts';
import type { Place } from '../core/place.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import type { Runnable } from '../run/run.ts';
import type { RunPolicy } from '../launch/run-all.ts';
import type { Project } from '../project/project-config.ts';
import { ghostRoot } from '../run/ghost.ts';
import { noteStartedRuns } from '../run/open-runs.ts';
import { snapshotCode } from '../run/snapshot-code.ts';
import { createSweep } from '../store/sweep-files.ts';
import { checkApart, requestOf } from './asked-sweep.ts';
import { checkOptions, type AnyOptions } from './check-options.ts';
import { executeSweep, type SweepEnding } from './execute-sweep.ts';
import { withListed } from './listed-variants.ts';
import {
  freezeSweep,
  prepareSweep,
  type FrozenSweep,
  type PreparedSweep,
} from './prepare-sweep.ts';
import type { Runner } from './runner.ts';
import { tellingListener, type TellingListener } from './telling-listener.ts';
import type { ProgramTarget, SweepResult } from './sweep-options.ts';
import { sweptRuns } from './swept-runs.ts';
import { SweepState } from './sweep-state.ts';
import { experimentTarget, programTarget } from './sweep-target.ts';
import { untilSignal } from './until-signal.ts';

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
  checkOptions(options, isProgram(target));
  const { project, runner, file } = isProgram(target)
    ? await programTarget(target, options)
    : await experimentTarget(target, options);
  // Whoever starts a file with exptools/register wants no run of its experiment besides.
  noteStartedRuns();
  const base = options.root === undefined ? project.root : resolve(options.root);
  const ghost = ghostRoot(options.ghost);
  try {
    const git = snapshotCode(project, base, { ghost: ghost !== undefined });
    const request: SweepRequest = {
      ...requestOf(options, base, place),
      root: ghost?.dir ?? base,
      ...(file !== undefined && { file }),
      ...(ghost !== undefined && { ghost: true }),
      ...(git !== undefined && { git }),
      tagging: project.tagging,
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
  options: AnyOptions,
): Promise<SweepResult> {
  const { signal: givenSignal } = options;
  const { planned, left, existing } = prepared;
  if (left.length === 0) {
    const { id, runs: skipped } = planned;
    const dir = sweepDir(request.root, skipped[0]!.experiment, id);
    return { id, dir, status: 'done', runs: [], existing };
  }
  const { dir, plan } = freezeSweep(prepared, request, project);
  const state = new SweepState(plan);
  const stop = new AbortController();
  const events = tellingListener(options, () => stop.abort());
  for (const text of planned.notes) events.listener.update({ type: 'note', text });
  const signals = [stop.signal, ...(givenSignal === undefined ? [] : [givenSignal])];
  const status = await untilSignal(AbortSignal.any(signals), (signal) => {
    return executeClaimed({ dir, plan, state, runner, events }, policyOf(options, signal));
  });
  const thrown = events.thrown();
  if (thrown !== undefined) throw thrown.error;
  return { id: plan.id, dir, status, ...sweptRuns(plan, state), existing };
}

/** A frozen sweep and what executes it. */
interface Frozen extends FrozenSweep {
  readonly state: SweepState;
  readonly runner: Runner;
  readonly events: TellingListener;
}

/** Executes a sweep once there is a slot for it; other sweeps of the machine may have all of them. */
async function executeClaimed(
  { dir, plan, state, runner, events }: Frozen,
  policy: RunPolicy,
): Promise<SweepEnding> {
  const { runs } = plan;
  const { launcher } = runner;
  const { listener } = events;
  const say = (text: string): void => listener.update({ type: 'note', text });
  const waiting = { signal: policy.signal, onWait: say };
  const claimed = await runner.claim(runs.length, plan.id, waiting);
  if (claimed === undefined) return 'interrupted';
  const { slots, notes, release } = claimed;
  notes.forEach(say);
  try {
    const lock = createSweep(dir, plan);
    return await executeSweep({ dir, lock, state, runs, slots, launcher, policy }, listener);
  } finally {
    release();
  }
}

function policyOf(
  { failFast = false, retries = 0, timeout }: AnyOptions,
  signal: AbortSignal,
): RunPolicy {
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  return { failFast, retries, ...(timeoutMs !== undefined && { timeoutMs }), signal };
}

function isProgram(target: unknown): target is ProgramTarget {
  return typeof target === 'object' && target !== null && Object.hasOwn(target, 'exec');
}

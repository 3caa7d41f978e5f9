import { relative } from 'node:path';
import type { Launcher, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { runAll, type Retry, type RunEvents, type RunPolicy } from '../launch/run-all.ts';
import type { LauncherLock } from '../store/launcher-lock.ts';
import { journal } from '../store/sweep-journal.ts';
import { ContinuingLauncher } from './continuing-launcher.ts';
import { NoticingLauncher } from './noticing-launcher.ts';
import type { ActiveRun, FinishedRun, SweepState } from './sweep-state.ts';

/** Where and how the runs of a sweep are executed. */
export interface SweepExecution {
  /** The directory of the sweep, which is there. */
  readonly dir: string;
  /** Of that directory; it is released at the end. */
  readonly lock: LauncherLock;
  readonly state: SweepState;
  /** Those to execute, in order. */
  readonly runs: readonly RunSpec[];
  readonly slots: readonly Slot[];
  readonly launcher: Launcher;
  readonly policy: RunPolicy;
  /** How many attempts each run has had before, by its id; none unless given. */
  readonly attempts?: ReadonlyMap<string, number>;
}

/** How a sweep ended. */
export type SweepEnding = 'done' | 'failed' | 'interrupted';

/** Something that happened in a sweep. */
export type SweepUpdate =
  | { readonly type: 'started'; readonly run: ActiveRun }
  | { readonly type: 'progress'; readonly run: ActiveRun }
  | { readonly type: 'ended'; readonly run: FinishedRun }
  /** Instead of an end: the run has failed, and will be tried again. */
  | { readonly type: 'retry'; readonly run: FinishedRun; readonly retry: Retry }
  /** A line for the user. */
  | { readonly type: 'note'; readonly text: string };

/** Told of everything that happens in a sweep, once journal and state know it. */
export interface SweepListener {
  update(event: SweepUpdate): void;
}

/**
 * Executes runs of a sweep on the slots of this machine, and keeps its journal and its state up to
 * date. Never throws for a run that fails.
 */
export async function executeSweep(
  { dir, lock, state, runs, slots, launcher, policy, attempts: before }: SweepExecution,
  listener: SweepListener,
): Promise<SweepEnding> {
  const attempts = new Map(before);
  const attemptOf = ({ id }: RunSpec): number => attempts.get(id) ?? 0;
  const events: RunEvents = {
    onStart: (spec, slot) => {
      attempts.set(spec.id, attemptOf(spec) + 1);
      journal(dir, {
        event: 'started',
        run: spec.id,
        attempt: attemptOf(spec),
        slot: slot.index,
      });
      listener.update({ type: 'started', run: state.started(spec, slot) });
    },
    onProgress: (spec, step) => {
      const run = state.progressed(spec, step);
      if (run !== undefined) listener.update({ type: 'progress', run });
    },
    onEnd: (outcome, slot, retry) => {
      const { spec, status, reason } = outcome;
      const why = reason === undefined ? {} : { reason };
      const attempt = attemptOf(spec);
      journal(dir, { event: 'ended', run: spec.id, attempt, status, ...why });
      const run = state.ended(outcome, slot);
      if (retry === undefined) {
        listener.update({ type: 'ended', run });
        return;
      }
      state.retrying(spec);
      journal(dir, {
        event: 'retry',
        run: spec.id,
        attempt: attempt + 1,
        reason: reason ?? status,
        delay: retry.delayMs / 1000,
      });
      listener.update({ type: 'retry', run, retry });
    },
    onNotice: (_spec, text) => listener.update({ type: 'note', text }),
  };
  const watched = noticing(new ContinuingLauncher(launcher), dir, state, listener);
  await runAll(runs, slots, watched, policy, events).finally(() => lock.release());
  const ending = policy.signal.aborted
    ? 'interrupted'
    : state.failed.length === 0
      ? 'done'
      : 'failed';
  journal(dir, { event: 'finished', status: ending });
  return ending;
}

/** The launcher, such that changes of the code are noticed and said. */
function noticing(
  launcher: Launcher,
  dir: string,
  { plan }: SweepState,
  listener: SweepListener,
): Launcher {
  // Code that this process has loaded itself stays as it is.
  if (plan.code === undefined || launcher.name === 'debug') return launcher;
  return new NoticingLauncher(launcher, plan.code, (files) => {
    journal(dir, { event: 'changed', files });
    for (const file of files) {
      const name = relative('', file);
      const text = `${name} has changed since the sweep was planned; runs from now on use the new code`;
      listener.update({ type: 'note', text });
    }
  });
}

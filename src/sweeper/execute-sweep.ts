import type { Launcher, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { runAll, type RunEvents } from '../launch/run-all.ts';
import { journal } from '../store/sweep-journal.ts';
import type { LauncherLock } from '../store/launcher-lock.ts';
import type { FinishedRun, SweepState } from './sweep-state.ts';

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
  /** True to start no further run, and to end those under way, once one has failed. */
  readonly failFast: boolean;
  readonly signal: AbortSignal;
}

/** How a sweep ended. */
export type SweepEnding = 'done' | 'failed' | 'interrupted';

/** Told of everything that happens in a sweep, once journal and state know it. */
export interface SweepListener {
  /** @param ended the run that is over, if that is what happened. */
  update(ended?: FinishedRun): void;
}

/**
 * Executes runs of a sweep on the slots of this machine, and keeps its journal and its state up to
 * date. Never throws for a run that fails.
 */
export async function executeSweep(
  { dir, lock, state, runs, slots, launcher, failFast, signal }: SweepExecution,
  listener: SweepListener,
): Promise<SweepEnding> {
  const events: RunEvents = {
    onStart: (spec, slot) => {
      journal(dir, { event: 'started', run: spec.id, slot: slot.index });
      state.started(spec, slot);
      listener.update();
    },
    onProgress: (spec, step) => {
      state.progressed(spec, step);
      listener.update();
    },
    onEnd: (outcome, slot) => {
      const { spec, status, reason } = outcome;
      const why = reason === undefined ? {} : { reason };
      journal(dir, { event: 'ended', run: spec.id, status, ...why });
      listener.update(state.ended(outcome, slot));
    },
  };
  await runAll(runs, slots, launcher, { failFast, signal }, events).finally(() => lock.release());
  const ending = signal.aborted ? 'interrupted' : state.failed.length === 0 ? 'done' : 'failed';
  journal(dir, { event: 'finished', status: ending });
  return ending;
}

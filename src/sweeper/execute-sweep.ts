import type { Launcher, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { runAll, type RunEvents } from '../launch/run-all.ts';
import { journal } from '../store/sweep-files.ts';
import type { ActiveRun, FinishedRun, SweepState } from './sweep-state.ts';

/** Where and how the runs of a sweep are executed. */
export interface SweepExecution {
  /** The directory of the sweep, which is there. */
  readonly dir: string;
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

/** Something that happened in a sweep. */
export type SweepEvent =
  | { readonly type: 'started'; readonly run: ActiveRun }
  | { readonly type: 'progress'; readonly run: ActiveRun }
  | { readonly type: 'ended'; readonly run: FinishedRun }
  /** Instead of an end: the run has failed, and will be tried again. */
  | ({ readonly type: 'retry'; readonly run: FinishedRun } & NextAttempt)
  /** A line for the user. */
  | { readonly type: 'note'; readonly text: string };

/** When a run will be tried again. */
interface NextAttempt {
  /** The attempt to come, counted from 1. */
  readonly attempt: number;
  /** How many attempts there may be. */
  readonly of: number;
  readonly delayMs: number;
}

/** Told of everything that happens in a sweep, once journal and state know it. */
export interface SweepListener {
  update(event: SweepEvent): void;
}

/**
 * Executes runs of a sweep on the slots of this machine, and keeps its journal and its state up to
 * date. Never throws for a run that fails.
 */
export async function executeSweep(
  { dir, state, runs, slots, launcher, failFast, signal }: SweepExecution,
  listener: SweepListener,
): Promise<SweepEnding> {
  const events: RunEvents = {
    onStart: (spec, slot) => {
      journal(dir, { event: 'started', run: spec.id, slot: slot.index });
      listener.update({ type: 'started', run: state.started(spec, slot) });
    },
    onProgress: (spec, step) => {
      const run = state.progressed(spec, step);
      if (run !== undefined) listener.update({ type: 'progress', run });
    },
    onEnd: (outcome, slot) => {
      const { spec, status, reason } = outcome;
      const why = reason === undefined ? {} : { reason };
      journal(dir, { event: 'ended', run: spec.id, status, ...why });
      listener.update({ type: 'ended', run: state.ended(outcome, slot) });
    },
  };
  await runAll(runs, slots, launcher, { failFast, signal }, events);
  const ending = signal.aborted ? 'interrupted' : state.failed.length === 0 ? 'done' : 'failed';
  journal(dir, { event: 'finished', status: ending });
  return ending;
}

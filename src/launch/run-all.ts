import { setMaxListeners } from 'node:events';
import type { Launcher, Outcome, RunProgress, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';

/** What happens while runs are executed; all optional. */
export interface RunEvents {
  readonly onStart?: (spec: RunSpec, slot: Slot) => void;
  readonly onProgress?: (spec: RunSpec, progress: RunProgress) => void;
  readonly onEnd?: (outcome: Outcome, slot: Slot) => void;
}

/**
 * Executes runs in order, as many at once as there are slots: whenever a slot is free it takes the
 * next run. Runs that never started, because of `failFast` or an abort, have no outcome.
 */
export async function runAll(
  specs: readonly RunSpec[],
  slots: readonly Slot[],
  launcher: Launcher,
  options: { readonly failFast: boolean; readonly signal: AbortSignal },
  events: RunEvents = {},
): Promise<Outcome[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  // Every slot listens: more than ten of them are no leak.
  setMaxListeners(slots.length, signal);
  const waiting = [...specs];
  const outcomes: Outcome[] = [];
  const work = async (slot: Slot): Promise<void> => {
    for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
      if (signal.aborted) return;
      const current = spec;
      events.onStart?.(current, slot);
      const outcome = await launcher.run(current, slot, {
        signal,
        onProgress: (progress) => events.onProgress?.(current, progress),
      });
      outcomes.push(outcome);
      events.onEnd?.(outcome, slot);
      if (options.failFast && outcome.status === 'failed') stop.abort();
    }
  };
  await Promise.all(slots.map(work));
  return outcomes;
}

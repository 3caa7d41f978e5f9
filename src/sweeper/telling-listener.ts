import type { SweepListener, SweepUpdate } from './execute-sweep.ts';
import type { SweepEvent, SweepSettings } from './sweep-options.ts';
import { sweptRun } from './swept-runs.ts';

/** Tells of what happens in a sweep, with no terminal about. */
export interface TellingListener {
  readonly listener: SweepListener;
  /** What a listener has thrown, if one has. */
  readonly thrown: () => { readonly error: unknown } | undefined;
}

/** @param onThrown called when a caller's function throws, which the sweep must not suffer from. */
export function tellingListener(
  { onEvent, onNote }: Pick<SweepSettings, 'onEvent' | 'onNote'>,
  onThrown: () => void,
): TellingListener {
  let thrown: { error: unknown } | undefined;
  const update = (happened: SweepUpdate): void => {
    if (thrown !== undefined) return;
    try {
      if (happened.type === 'note') onNote?.(happened.text);
      else onEvent?.(eventOf(happened));
    } catch (error) {
      thrown = { error };
      onThrown();
    }
  };
  return { listener: { update }, thrown: () => thrown };
}

function eventOf(happened: Exclude<SweepUpdate, { type: 'note' }>): SweepEvent {
  const { type } = happened;
  if (type === 'started') {
    const { spec, slot } = happened.run;
    return { type, run: sweptRun(spec, 'running'), slot: slot.index };
  }
  if (type === 'progress') {
    const { spec, progress } = happened.run;
    return { type, run: sweptRun(spec, 'running'), ...progress! };
  }
  const { spec, status } = happened.run;
  const run = sweptRun(spec, status, happened.run);
  if (type === 'ended') return { type, run };
  const { attempt, delayMs } = happened.retry;
  return { type, run, attempt, delay: delayMs / 1000 };
}

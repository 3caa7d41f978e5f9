import type { Launcher } from '../core/launcher.ts';
import type { SweepListener } from './execute-sweep.ts';
import type { SweepEvent } from './sweep-options.ts';
import { sweptRun } from './sweep-result.ts';

/** Tells of what happens in a sweep, with no terminal about. */
export interface SweepEvents {
  /** The launcher, such that starts and progress are told. */
  readonly launcher: Launcher;
  readonly listener: SweepListener;
  /** What a listener has thrown, if one has. */
  readonly thrown: () => { readonly error: unknown } | undefined;
}

/** @param onThrown called when `tell` throws, which the sweep must not suffer from. */
export function sweepEvents(
  launcher: Launcher,
  tell: ((event: SweepEvent) => void) | undefined,
  onThrown: () => void,
): SweepEvents {
  let thrown: { error: unknown } | undefined;
  const attempt = (event: () => SweepEvent): void => {
    if (tell === undefined || thrown !== undefined) return;
    try {
      tell(event());
    } catch (error) {
      thrown = { error };
      onThrown();
    }
  };
  return {
    launcher: {
      name: launcher.name,
      run: (spec, slot, options) => {
        const run = sweptRun(spec, 'running');
        attempt(() => ({ type: 'started', run, slot: slot.index }));
        return launcher.run(spec, slot, {
          ...options,
          onProgress: (progress) => {
            options.onProgress(progress);
            attempt(() => ({ type: 'progress', run, ...progress }));
          },
        });
      },
    },
    listener: {
      update: (ended) => {
        if (ended === undefined) return;
        attempt(() => ({ type: 'ended', run: sweptRun(ended.spec, ended.status, ended) }));
      },
    },
    thrown: () => thrown,
  };
}

import { setImmediate } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { Launcher, LaunchOptions, Outcome, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { Definition } from '../experiment/definition.ts';
import { execute } from '../experiment/execute.ts';
import { allowedCpuList } from '../provenance/cpus.ts';
import { notStarted } from '../launch/not-started.ts';
import { settledOutcome } from '../launch/settle.ts';
import { prepareRunDir } from '../store/start-over.ts';
import { progressReporter } from './progress-reporter.ts';

/** What a debug launcher tells while it works; all optional. */
export interface DebugEvents {
  /** Before the first line of the run's code. */
  readonly onStart?: (spec: RunSpec) => void;
  /** With what the code of a run has thrown. */
  readonly onThrown?: (error: unknown) => void;
}

/**
 * Executes runs in this very process, so that breakpoints hold and what runs print is seen. Each has
 * a scope of its own; what the user's modules keep in variables, all of them share.
 */
export class DebugLauncher implements Launcher {
  readonly name = 'debug';
  readonly #definition: Definition;
  readonly #events: DebugEvents;

  /** @param definition the experiment, as this process has loaded it. */
  constructor(definition: Definition, events: DebugEvents = {}) {
    this.#definition = definition;
    this.#events = events;
  }

  async run(spec: RunSpec, slot: Slot, { signal, onProgress }: LaunchOptions): Promise<Outcome> {
    try {
      prepareRunDir(spec);
    } catch (error) {
      return notStarted(spec, error);
    }
    this.#events.onStart?.(spec);
    const thrown = await this.#execute(spec, slot, { signal, onProgress });
    if (thrown !== undefined) this.#events.onThrown?.(thrown.error);
    return settledOutcome(
      spec,
      signal.aborted
        ? { status: 'interrupted', reason: 'stopped' }
        : { status: 'failed', reason: messageOf(thrown?.error) },
    );
  }

  /** Settles when the run is over, or at once when it is stopped: nothing can end its code. */
  async #execute(
    spec: RunSpec,
    slot: Slot,
    { signal, onProgress }: LaunchOptions,
  ): Promise<{ readonly error: unknown } | undefined> {
    // Between two runs that never wait for anything, Ctrl-C has its turn.
    await setImmediate();
    if (signal.aborted) return undefined;
    const allowed = allowedCpuList();
    const stop = new AbortController();
    const stopped = new Promise<undefined>((resolve) =>
      stop.signal.addEventListener('abort', () => resolve(undefined)),
    );
    const over = execute(this.#definition, spec, {
      affinity: { slot: slot.index, ...(allowed !== undefined && { allowed }) },
      onRow: progressReporter(spec.objective, onProgress),
      signal: stop.signal,
    }).then(
      ({ thrown }) => thrown,
      (error: unknown) => ({ error }),
    );
    // The signal outlives the run: it gets one listener, and loses it again.
    const onAbort = (): void => stop.abort();
    signal.addEventListener('abort', onAbort);
    return Promise.race([over, stopped]).finally(() =>
      signal.removeEventListener('abort', onAbort),
    );
  }
}

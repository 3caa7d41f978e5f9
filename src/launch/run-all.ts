import { setMaxListeners } from 'node:events';
import type { Launcher, Outcome, RunProgress, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { backoffMs } from './backoff.ts';

/** What is done about runs that fail or take too long. */
export interface RunPolicy {
  /** True to end all runs once one has failed for the last time. */
  readonly failFast: boolean;
  /** How often a run is tried again. Default 0. */
  readonly retries?: number;
  /** Milliseconds until the next attempt, after so many. Default {@link backoffMs}. */
  readonly backoff?: (attempts: number) => number;
  /** Milliseconds that one attempt may take. Default: no end. */
  readonly timeoutMs?: number;
  /** Ends all runs as interrupted. */
  readonly signal: AbortSignal;
}

/** That a run will be tried again. */
export interface Retry {
  /** The attempt to come, counted from 1 among those of this `runAll`. */
  readonly attempt: number;
  /** How many attempts there may be. */
  readonly of: number;
  readonly delayMs: number;
}

/** What happens while runs are executed; all optional. */
export interface RunEvents {
  readonly onStart?: (spec: RunSpec, slot: Slot) => void;
  readonly onProgress?: (spec: RunSpec, progress: RunProgress) => void;
  /** @param retry given where this was not the last attempt of the run. */
  readonly onEnd?: (outcome: Outcome, slot: Slot, retry?: Retry) => void;
  /** A line for the user, about a run that has trouble to start. */
  readonly onNotice?: (spec: RunSpec, text: string) => void;
}

/**
 * Executes runs in order, as many at once as there are slots: whenever a slot is free it takes the
 * next run. One that fails or takes too long is tried again after a while, in which others have its
 * slot; then it goes before those that have not started.
 * @returns the last outcome of every run; those that never started, because of `failFast` or an
 * abort, have none.
 * @throws what an event or a launcher throws, which never should, once all runs are ended.
 */
export function runAll(
  specs: readonly RunSpec[],
  slots: readonly Slot[],
  launcher: Launcher,
  policy: RunPolicy,
  events: RunEvents = {},
): Promise<Outcome[]> {
  return new Crew(specs, slots, launcher, policy, events).work();
}

/** The slots, and what waits for them. */
class Crew {
  readonly #queue: RunSpec[];
  readonly #free: Slot[];
  readonly #launcher: Launcher;
  readonly #policy: RunPolicy;
  readonly #events: RunEvents;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #attempts = new Map<string, number>();
  readonly #outcomes = new Map<string, Outcome>();
  /** Of the runs that wait for their next attempt. */
  readonly #timers = new Set<NodeJS.Timeout>();
  #settle: () => void = () => {};
  #broken: { readonly error: unknown } | undefined;
  #busy = 0;

  constructor(
    specs: readonly RunSpec[],
    slots: readonly Slot[],
    launcher: Launcher,
    policy: RunPolicy,
    events: RunEvents,
  ) {
    this.#queue = [...specs];
    this.#free = [...slots];
    this.#launcher = launcher;
    this.#policy = policy;
    this.#events = events;
    this.#signal = AbortSignal.any([policy.signal, this.#stop.signal]);
    // Every slot listens: more than ten of them are no leak.
    setMaxListeners(slots.length + 1, this.#signal);
  }

  async work(): Promise<Outcome[]> {
    const onAbort = (): void => {
      this.#clearTimers();
      this.#advance();
    };
    // The signal may outlive these runs.
    this.#signal.addEventListener('abort', onAbort);
    await new Promise<void>((resolve) => {
      this.#settle = resolve;
      this.#advance();
    });
    this.#signal.removeEventListener('abort', onAbort);
    if (this.#broken !== undefined) throw this.#broken.error;
    return [...this.#outcomes.values()];
  }

  #advance(): void {
    const [queue, free] = [this.#queue, this.#free];
    while (!this.#signal.aborted && free.length > 0 && queue.length > 0) {
      void this.#occupy(queue.shift()!, free.shift()!);
    }
    const isLast = this.#signal.aborted || (queue.length === 0 && this.#timers.size === 0);
    if (this.#busy === 0 && isLast) this.#settle();
  }

  /** Has a slot execute a run. What throws ends all the others first: nobody would watch them. */
  async #occupy(spec: RunSpec, slot: Slot): Promise<void> {
    this.#busy++;
    try {
      await this.#execute(spec, slot);
    } catch (error) {
      this.#broken ??= { error };
      this.#stop.abort();
    }
    this.#busy--;
    this.#free.push(slot);
    this.#advance();
  }

  async #execute(spec: RunSpec, slot: Slot): Promise<void> {
    const { timeoutMs } = this.#policy;
    const events = this.#events;
    this.#attempts.set(spec.id, (this.#attempts.get(spec.id) ?? 0) + 1);
    events.onStart?.(spec, slot);
    const outcome = await this.#launcher.run(spec, slot, {
      signal: this.#signal,
      onProgress: (progress) => events.onProgress?.(spec, progress),
      onNotice: (text) => events.onNotice?.(spec, text),
      ...(timeoutMs !== undefined && { timeoutMs }),
    });
    this.#outcomes.delete(spec.id); // the order is that of the last ends
    this.#outcomes.set(spec.id, outcome);
    const retry = this.#retryOf(outcome);
    events.onEnd?.(outcome, slot, retry);
    if (retry !== undefined) this.#rest(spec, retry.delayMs);
    else if (outcome.endsOthers === true) this.#giveUp(outcome);
    else if (this.#policy.failFast && isFailure(outcome)) this.#stop.abort();
  }

  #retryOf(outcome: Outcome): Retry | undefined {
    const { retries = 0, backoff = backoffMs } = this.#policy;
    const attempts = this.#attempts.get(outcome.spec.id)!;
    if (!isFailure(outcome) || attempts > retries || this.#signal.aborted) return undefined;
    return { attempt: attempts + 1, of: retries + 1, delayMs: backoff(attempts) };
  }

  /** Starts no more; those under way may come to their ends. */
  #giveUp({ spec, reason = '' }: Outcome): void {
    if (this.#queue.length + this.#timers.size === 0) return;
    this.#queue.length = 0;
    this.#clearTimers();
    this.#events.onNotice?.(spec, `exptools: no further run is started: ${reason}`);
  }

  #clearTimers(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #rest(spec: RunSpec, ms: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#queue.unshift(spec);
      this.#advance();
    }, ms);
    this.#timers.add(timer);
  }
}

/** True for a run that might do better another time: an end of one's own choosing would not. */
function isFailure({ status }: Outcome): boolean {
  return status === 'failed' || status === 'timeout';
}

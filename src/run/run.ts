import { setBrand } from '../core/brand.ts';
import type { Value } from '../core/record.ts';
import type { RunContext } from '../core/run-context.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { RunStatus } from '../core/status.ts';
import type { Recorder } from '../logging/recorder.ts';
import { RunStopped } from './ending.ts';

/** A type whose properties cannot be assigned, at any depth. */
export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends Date
    ? T
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** One execution of an experiment, as the code that is executed sees it. */
export class Run<Config = unknown> implements RunContext {
  readonly id: string;
  readonly experiment: string;
  /** Absolute path of the run's directory. */
  readonly dir: string;
  /** The validated config. It cannot be written to. */
  readonly config: DeepReadonly<Config>;
  /** The root seed, which all derived seeds come from. */
  readonly seed: number;
  /** Aborted when the run is to end early. */
  readonly signal: AbortSignal;
  readonly rows: Recorder;
  /** The values of the swept keys, in a run of a sweep. */
  readonly variant: Readonly<Record<string, unknown>>;
  /**
   * What came out; main's return value takes its place. Set it on the way to keep an interim result
   * of a run that may not get to its end.
   */
  result: unknown;
  status: RunStatus = 'running';
  readonly #controller: AbortController;
  #failure: { readonly error: unknown } | undefined;

  /** For the lifecycle; runs are opened by `runExperiment`, `openRun` or `run-exp`. */
  constructor(spec: RunSpec, config: unknown, rows: Recorder, controller: AbortController) {
    this.id = spec.id;
    this.experiment = spec.experiment;
    this.dir = spec.dir;
    this.config = config as DeepReadonly<Config>;
    this.seed = spec.seed;
    this.variant = spec.sweep?.variant ?? {};
    this.rows = rows;
    this.#controller = controller;
    this.signal = controller.signal;
  }

  /** The last value of every tag: `run.summary['eval/accuracy']`. */
  get summary(): Readonly<Record<string, Value>> {
    return this.rows.summary;
  }

  /**
   * Ends the run early and well: it aborts {@link signal} and throws. The run becomes `completed`,
   * with the reason beside it and the {@link result} set so far.
   */
  stop(reason: string): never {
    const stopped = new RunStopped(reason);
    this.#controller.abort(stopped);
    throw stopped;
  }

  /** Makes the run end as failed, whatever main still does; the first error counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#controller.abort(error);
  }

  /** Aborts {@link signal}: the run is ending. */
  abort(reason: string): void {
    this.#controller.abort(new Error(reason));
  }

  /** What {@link fail} was given. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }
}
setBrand(Run, 'Run');

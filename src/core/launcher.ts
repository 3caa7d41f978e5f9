import type { RunSpec } from './run-spec.ts';
import type { RunStatus } from './status.ts';

/** A share of one machine that one run owns. */
export interface Slot {
  /** Counted from 0. */
  readonly index: number;
  /** Logical CPUs, ascending; empty where runs cannot or need not be pinned. */
  readonly cpus: readonly number[];
  /** How many whole cores these CPUs are; absent where runs are not pinned. */
  readonly cores?: number;
  /** The CPUs of each worker that a run may start: a core each, or as an affinity code says. */
  readonly workerCpus?: readonly (readonly number[])[];
  /** GPUs as `CUDA_VISIBLE_DEVICES` spells them; `undefined` where the machine has none. */
  readonly gpus?: readonly string[];
  /** The affinity code of rlpyt, with its slot, that the slot was asked for by. */
  readonly code?: string;
  /** What the environment of its runs has besides. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a run ended, as its launcher saw it. */
export interface Outcome {
  readonly spec: RunSpec;
  readonly status: RunStatus;
  /** One line: why it did not complete. */
  readonly reason?: string;
  /** The last lines the run wrote to stderr. */
  readonly stderr: readonly string[];
  /** True if nothing can be written where runs are kept: others would not fare better. */
  readonly endsOthers?: boolean;
}

/** What a run says while it works. */
export interface RunProgress {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Around one run that a launcher executes. */
export interface LaunchOptions {
  /** Ends the run as interrupted. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
  /** Told of trouble to start the run, in a line for the user. */
  readonly onNotice?: (text: string) => void;
  /** How long the run may take, in milliseconds; after that it is ended as `timeout`. */
  readonly timeoutMs?: number;
}

/**
 * How planned runs are executed. A launcher starts one run at a time per slot and never throws for a
 * run that fails: that is an {@link Outcome}.
 */
export interface Launcher {
  readonly name: string;
  run(spec: RunSpec, slot: Slot, options: LaunchOptions): Promise<Outcome>;
}

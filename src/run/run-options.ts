import type { SinkChoice } from '../core/sink.ts';

/** How a run starts from another one's checkpoint. */
export interface ForkOptions {
  /** The step of the checkpoint; the newest that is whole unless given. */
  readonly at?: number | undefined;
  /** Config keys, dotted, whose values are the present code's and not those of the other run. */
  readonly keep?: readonly string[] | undefined;
  /** False to take the state alone: the curves begin anew. Default true. */
  readonly curves?: boolean | undefined;
}

/** How a run that code starts is kept and told apart. */
export interface RunOptions {
  /** Where runs are kept; the run root of the project that defines the experiment unless given. */
  readonly root?: string;
  readonly command?: string;
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  /** An earlier run whose config to start from: its id, a unique part of it, or its path. */
  readonly from?: string;
  /**
   * Starts from a checkpoint of an earlier run, with its config and seed, and its curves up to there:
   * its id, a unique part of it, or its path, alone or with a step and keys that stay as they are here.
   */
  readonly fork?: string | ({ readonly run: string } & ForkOptions);
  /**
   * A run that is over, to enter by another `command` as its next attempt: with its config and seed, and
   * `run.restore()` gives its newest checkpoint. What it has come to stays.
   */
  readonly in?: string;
  readonly seed?: number;
  readonly sinks?: readonly SinkChoice[];
  /** True to keep nothing: the run's directory is a temporary one. `EXP_GHOST=1` says the same. */
  readonly ghost?: boolean;
  readonly name?: string;
  readonly comment?: string;
}

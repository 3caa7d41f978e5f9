import type { SinkChoice } from '../core/sink.ts';

/** How a run that code starts is kept and told apart. */
export interface RunOptions {
  /** Where runs are kept; the run root of the project that defines the experiment unless given. */
  readonly root?: string;
  readonly command?: string;
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  /** An earlier run whose config to start from: its id, a unique part of it, or its path. */
  readonly from?: string;
  readonly seed?: number;
  readonly sinks?: readonly SinkChoice[];
  /** True to keep nothing: the run's directory is a temporary one. `EXP_GHOST=1` says the same. */
  readonly ghost?: boolean;
  readonly name?: string;
  readonly comment?: string;
}

import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';
import type { GitState, Tagging } from '../core/run-spec.ts';
import type { ForkRequest } from './fork.ts';
import type { ConfigRequest } from './layers.ts';
import type { WrittenSweep } from './read-sweep.ts';

/** What a user asks for, before any of it is checked against the experiment. */
export interface RunRequest extends ConfigRequest {
  /** Absolute path of the run root. */
  readonly root: string;
  /** True if nothing is kept of the runs: the root is a temporary one. */
  readonly ghost?: boolean;
  readonly file?: string;
  readonly command?: string;
  /** `key=value`, and in a sweep `key=value,value`. */
  readonly overrides?: readonly string[];
  readonly seed?: number;
  /** The root seed of a run that nobody gives one: a parent run derives those of its children. */
  readonly derivedSeed?: number;
  /** Seconds between two rows of system metrics, as a flag says; 0 for none. */
  readonly systemMetrics?: number;
  /** Which checkpoints are kept, as a flag says. */
  readonly checkpoint?: CheckpointPolicy;
  /** In seconds, as a flag says. */
  readonly grace?: number;
  /** As a flag names them. */
  readonly sinks?: readonly string[];
  readonly name?: string;
  readonly comment?: string;
  readonly parent?: string;
  /** Starts from another run's checkpoint; its config is that of `from`. */
  readonly fork?: ForkRequest;
  readonly git?: GitState;
  readonly tagging?: Tagging;
}

/** What a sweep is asked to be. */
export interface SweepRequest extends RunRequest {
  readonly repeats?: number;
  /** Absolute path of an axes file. */
  readonly axes?: string;
  /** The same from code. */
  readonly sweep?: WrittenSweep;
  /** How many points to draw from intervals. */
  readonly samples?: number;
}

import type { JsonSchema } from '../config/json-schema.ts';
import type { AffinityRecord } from '../core/manifest.ts';
import type { RunHooks } from './hooks.ts';
import type { StopOnNaN } from './nan-guard.ts';
import type { Run } from './run.ts';

/** What a process that executes a run wants of it, beside what was planned. */
export interface LifecycleOptions {
  readonly affinity?: AffinityRecord;
  /** Called with the step of every row. */
  readonly onRow?: (run: Run, step: number) => void;
  /** Called after every flush; may end the process. */
  readonly onFlush?: () => void;
  /** What the schema of the config says, where there is one. */
  readonly schema?: JsonSchema;
  /** Gives `Math.random` to the run's own generator while its code runs. */
  readonly seedGlobals?: boolean;
  /** Called once the run is over and all of it is written. */
  readonly onOver?: () => void;
  /** What is done around main. */
  readonly hooks?: RunHooks;
  /** Metrics that end the run when they are NaN. */
  readonly stopOnNaN?: StopOnNaN | undefined;
  /** True for runs that are over when the process is, since nothing else marks their end. */
  readonly endsWithProcess?: boolean;
  /** True when the launcher reads what this process prints and keeps it in the output log. */
  readonly isCaptured?: boolean;
  /** Says on stderr that the command starts and how it ends. */
  readonly isAnnounced?: boolean;
  /** Ends the run as interrupted, for whoever executes it in a process that goes on. */
  readonly signal?: AbortSignal;
}

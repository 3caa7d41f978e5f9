import type { CheckpointPolicy } from './checkpoint-policy.ts';
import type { ResourceUse, Warnings } from './environment.ts';
import type { ForkedFrom } from './forked-from.ts';
import type { Json, JsonObject } from './json.ts';
import type { Objective } from './objective.ts';
import type { GitState, SweepPlace, Tagging } from './run-spec.ts';
import type { CodeFiles, SourcesState } from './sources.ts';
import type { RunStatus } from './status.ts';

/** Identifies a process beyond the reuse of its pid. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Kernel start time of the process, in clock ticks since boot; Linux only. */
  readonly startTicks?: number;
  /** Changes at every boot of the machine; Linux only. */
  readonly bootId?: string;
}

/** The CPUs and GPUs a run was given, and the CPUs it really may use. */
export interface AffinityRecord {
  readonly slot: number;
  readonly cpus?: readonly number[];
  /** The CPUs of each worker that the run may start. */
  readonly workerCpus?: readonly (readonly number[])[];
  readonly gpus?: readonly string[];
  /** The affinity code of rlpyt, with its slot, that the sweep was started with. */
  readonly code?: string;
  /** `Cpus_allowed_list` of the run's process, read back after the start. */
  readonly allowed?: string;
}

export interface RunError {
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  /** The exit code or the signal that ended the process, where that is how the run failed. */
  readonly exitCode?: number;
  readonly signal?: string;
}

/** What computes in a process. */
export interface Backend {
  readonly name: string;
  /** Of the libraries it consists of, by their names. */
  readonly versions: Readonly<Record<string, string>>;
}

/** One process that worked on the run. Times are ISO 8601, UTC. */
export interface Attempt {
  /** The launcher, where no process came into being. */
  readonly process: ProcessIdentity;
  readonly startedAt: string;
  /** The step of the checkpoint that it went on from, if it did. */
  readonly resumedFrom?: number;
  /** What of config and code differed from the attempts before, a line each. */
  readonly changes?: readonly string[];
  readonly endedAt?: string;
  readonly status: RunStatus;
  /** Why it ended, in one line. */
  readonly reason?: string;
  /** The code that it ran, where later attempts have run other code. */
  readonly git?: GitState;
  /** Where it is another one than that of the run, which was over when it began. */
  readonly command?: string;
  /** Of such a command. */
  readonly result?: Json;
  readonly error?: RunError;
  readonly warnings?: Warnings;
  /** What it has used of the machine, once it is over. */
  readonly resources?: ResourceUse;
}

/** What `run.json` holds. Written by the run's process, or by its launcher once that one is dead. */
export interface Manifest {
  readonly format: 1;
  readonly id: string;
  readonly experiment: string;
  readonly status: RunStatus;
  readonly command: string;
  readonly file?: string;
  /** The command of a program that is no experiment, as it was started. */
  readonly program?: readonly string[];
  readonly overrides: readonly string[];
  readonly seed: number;
  /** Of the resolved config, but for its seed. */
  readonly configHash?: string;
  readonly name?: string;
  readonly comment?: string;
  readonly parent?: string;
  /** Runs that were started inside of this one, in order. */
  readonly children?: readonly string[];
  /** The run whose config this one started from. */
  readonly from?: string;
  readonly forkedFrom?: ForkedFrom;
  /** The named configs and config files that were asked for, as they were written, in order. */
  readonly with?: readonly string[];
  readonly sweep?: SweepPlace;
  readonly objective?: Objective & { readonly value?: number };
  readonly createdAt: string;
  /** The process that planned the run and starts it, or a process that runs it itself. */
  readonly launcher?: ProcessIdentity;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** Seconds of work, over all attempts. */
  readonly elapsed?: number;
  /** The step of the last row. */
  readonly step?: number;
  /** The last value of every tag. */
  readonly summary?: JsonObject;
  readonly result?: Json;
  readonly error?: RunError;
  readonly stopReason?: string;
  readonly sinks: readonly string[];
  /** The metric whose value is the step of a row. */
  readonly stepMetric?: string;
  /** Which checkpoints are kept, where that was said. */
  readonly checkpoint?: CheckpointPolicy;
  /** Seconds to the next checkpoint for a run that is told to end, where that was said. */
  readonly grace?: number;
  /** Sinks that failed, and what of each is missing. */
  readonly degraded?: readonly {
    readonly sink: string;
    readonly reason: string;
    readonly rows: number;
  }[];
  /** Hooks that failed after main, a line each. */
  readonly hookErrors?: readonly string[];
  /** Config keys that the code has read, and by which captured functions; once the run is over. */
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  readonly git?: GitState;
  readonly tagging?: Tagging;
  /** The tag of the run that `git tag` lists: `experiments/<name>@<time>`. */
  readonly tag?: string;
  readonly sources?: SourcesState;
  /** The local files of the code, and what they held when the run was planned. */
  readonly code?: CodeFiles;
  readonly host?: JsonObject;
  readonly versions?: JsonObject;
  /** What computed, where a bridge to a library has said it: `tfjs-node`. */
  readonly backend?: string;
  readonly affinity?: AffinityRecord;
  /** While one more command works in a run that is over: what it goes back to. */
  readonly entered?: { readonly status: RunStatus };
  readonly attempts: readonly Attempt[];
}

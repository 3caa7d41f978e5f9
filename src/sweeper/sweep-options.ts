import type { ConfigValues, SweepInterval, SweepOf, SweptPoint } from '../config/config-types.ts';
import type { JsonObject } from '../core/json.ts';
import type { Objective } from '../core/objective.ts';
import type { RunStatus } from '../core/status.ts';
import type { SweepEnding } from './execute-sweep.ts';

/** How a sweep that code starts is planned and executed; as the flags of `run-exp` of these names. */
export interface SweepSettings {
  /** A YAML or JSON file that lists axes, levels and exclusions. */
  readonly axes?: string;
  /** As on the command line: `lr=0.1`, `lr=1,2`, `seed=range(3)`. */
  readonly overrides?: readonly string[];
  /** The variants themselves, all with the same keys: as `makeVariants` makes them. */
  readonly variants?: readonly object[];
  /**
   * A name for each of `variants`, as `makeVariants` makes them: `ls` shows it. Programs get it as a
   * directory to log to, in that of the sweep, which the repeats of a variant share.
   */
  readonly logDirs?: readonly string[];
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  /** An earlier run whose config to start from: its id, a unique part of it, or its path. */
  readonly from?: string;
  /** Runs of every variant, each with a seed of its own. */
  readonly repeats?: number;
  /** Random points to draw from intervals. */
  readonly samples?: number;
  /** The root seed; random, and recorded, unless given. */
  readonly seed?: number;
  /** Runs at once. Default: one for every whole core, or GPU, that is free. */
  readonly slots?: number;
  /** What a run needs: `cores=2,gpus=1`, `auto`, `none` or an affinity code. */
  readonly affinity?: string;
  /** A process for each run, or `debug`: all in this one, one after the other. Default `local`. */
  readonly launcher?: 'local' | 'debug';
  /** How often a run that fails or takes too long is tried again. Default 0. */
  readonly retries?: number;
  /** How long an attempt may take: `90s`, `2h`. Default: no end. */
  readonly timeout?: string;
  /** Starts no further run, and ends those under way, once one has failed. Default false. */
  readonly failFast?: boolean;
  /** Leaves out runs whose config has completed before. Default false. */
  readonly skipExisting?: boolean;
  /** Where runs are kept; the run root of the project unless given. */
  readonly root?: string;
  /** Names of sinks. */
  readonly sinks?: readonly string[];
  /** Of the experiment. Default `main`. */
  readonly command?: string;
  /** Of all runs. Default: the names of their variants. */
  readonly name?: string;
  /** Kept with every run. */
  readonly comment?: string;
  /** True to keep nothing. */
  readonly ghost?: boolean;
  /** Ends the sweep as interrupted. */
  readonly signal?: AbortSignal;
  /** Told of what happens. What it throws ends the sweep. */
  readonly onEvent?: (event: SweepEvent) => void;
  /** Told of what `run-exp` would say besides: pinned axes, changed code, that others have all slots. */
  readonly onNote?: (text: string) => void;
}

/** What a sweep of an experiment varies, checked by the compiler. */
export interface SweepOptions<Config> extends SweepSettings {
  /** Instead of what the experiment declares: values by key, or a list of levels of them. */
  readonly sweep?: SweepOf<Config> | readonly SweepOf<Config>[];
  /** Points that the sweep leaves out. */
  readonly exclude?: readonly SweptPoint<Config>[];
  /** Values that hold for all runs. */
  readonly config?: ConfigValues<Config>;
}

/** What a sweep tries, by dotted path. */
export type SweptKeys = Readonly<Record<string, readonly unknown[] | SweepInterval>>;

/** The same for a file, whose config the compiler does not know. */
export interface FileSweepOptions extends SweepSettings {
  /** Instead of what the experiment declares: values by key, or a list of levels of them. */
  readonly sweep?: SweptKeys | readonly SweptKeys[];
  /** Points that the sweep leaves out. */
  readonly exclude?: readonly Readonly<Record<string, unknown>>[];
  /** Values that hold for all runs. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Which experiment, where the file has several. */
  readonly experiment?: string;
}

/** The same for a program that is no experiment. */
export interface ProgramSweepOptions extends Omit<
  FileSweepOptions,
  'experiment' | 'sinks' | 'command' | 'launcher'
> {
  /** Words to add to the command of every run; braces in them are braces. */
  readonly commonArgs?: readonly string[];
  /** Words to add behind those, for each of `variants`. */
  readonly runArgs?: readonly (readonly string[])[];
}

/** Any program, for {@link runSweep}. */
export interface ProgramTarget {
  /** The command, or its words, with placeholders: `python train.py {lr}`. */
  readonly exec: string | readonly string[];
  /** Names the experiment that the runs belong to. Default: made of the command. */
  readonly name?: string;
  /** The directory the program starts in. Default: the current one. */
  readonly cwd?: string;
  /** A column of the program's `progress.csv`. */
  readonly objective?: Objective;
}

/** A run of a sweep. */
export interface SweptRun {
  readonly id: string;
  /** Absolute; there is nothing before the run starts. */
  readonly dir: string;
  /** `queued` for one that never started. */
  readonly status: RunStatus;
  /** The values of the swept keys, by dotted path. */
  readonly variant: JsonObject;
  /** Counted from 0. */
  readonly repeat: number;
  /** Of the objective, or else the only number in the result. */
  readonly value?: number;
  /** One line: why it did not complete. */
  readonly reason?: string;
}

/** Something that happens in a sweep. */
export type SweepEvent =
  | { readonly type: 'started'; readonly run: SweptRun; readonly slot: number }
  | {
      readonly type: 'progress';
      readonly run: SweptRun;
      readonly step: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  /** It has failed, and is tried again in `delay` seconds. */
  | {
      readonly type: 'retry';
      readonly run: SweptRun;
      readonly attempt: number;
      readonly delay: number;
    }
  | { readonly type: 'ended'; readonly run: SweptRun };

/** The variant whose repeats came to the best mean. */
export interface BestVariant {
  /** The values of the swept keys, by dotted path. */
  readonly variant: JsonObject;
  /** Of the objective, over the repeats that have it. */
  readonly mean: number;
  /** How many those are. */
  readonly n: number;
  /** Their ids. */
  readonly runs: readonly string[];
}

/** What came of a sweep. */
export interface SweepResult {
  readonly id: string;
  /** The directory of plan and journal; it is not there if no run was left to start. */
  readonly dir: string;
  readonly status: SweepEnding;
  /** In the order of the plan. */
  readonly runs: readonly SweptRun[];
  /** By the objective, where there is one. */
  readonly best?: BestVariant;
  /** Runs that completed before, which `skipExisting` left out. */
  readonly existing: readonly string[];
}

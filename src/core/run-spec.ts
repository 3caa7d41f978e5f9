import type { CheckpointPolicy } from './checkpoint-policy.ts';
import type { HookCommands } from './hook.ts';
import type { Json, JsonObject } from './json.ts';
import type { ForkedFrom } from './forked-from.ts';
import type { Objective } from './objective.ts';
import type { ResumePoint } from './resume-point.ts';
import type { CodeFiles, LeftOut, SourcesState } from './sources.ts';

/**
 * The layers a config is made of, each one winning over those before it: the defaults of captured
 * functions and of the schema, values derived from others, config hooks, the config of an earlier
 * run, config files, named configs, the variant of a sweep, and what is explicit: values from code,
 * overrides on the command line, the root seed.
 */
export type Layer =
  | 'function'
  | 'default'
  | 'derived'
  | 'hook'
  | 'run'
  | 'file'
  | 'named'
  | 'variant'
  | 'api'
  | 'override'
  | 'seed';

/** Where the value of a config key came from. */
export interface Origin {
  readonly layer: Layer;
  /** Of the function, hook, named config or run. */
  readonly name?: string;
  /** Absolute path of the file it stands in. */
  readonly file?: string;
  readonly line?: number;
  /** The text the user wrote, where there is one: `lr=0.1`. */
  readonly text?: string;
}

/** The config of an earlier run, to start from. */
export interface EarlierConfig {
  /** Of that run. */
  readonly id: string;
  readonly experiment: string;
  /** What the schema was given then, defaults included; values derived from others left out. */
  readonly config: Json;
  /** Absent where the present code is to choose one. */
  readonly seed?: number;
  /** Keys that are left to the present code, dotted. */
  readonly keep?: readonly string[];
}

/** The commit the code was at, and the one that holds it as it was. */
export interface GitState {
  /** HEAD, as the user sees it. Absent before the first commit of a repository. */
  readonly commit?: string;
  readonly branch?: string;
  /** True when the working tree differs from the commit. */
  readonly dirty: boolean;
  /** Absolute path of the working tree. */
  readonly top?: string;
  /** The commit that holds the working tree as it was: HEAD itself where nothing differed. */
  readonly snapshot?: string;
  /** Submodules that the snapshot holds with changes, each with the commit in its own repository. */
  readonly submodules?: readonly SubmoduleState[];
  /** What the snapshot does not hold as it was: the first of it, where there is very much. */
  readonly leftOut?: readonly LeftOut[];
  /** How much there is, where it is more than listed. */
  readonly leftOutCount?: number;
  /** Why there is no snapshot. */
  readonly error?: string;
}

/** A submodule whose content is kept by a commit that its own branches do not know. */
export interface SubmoduleState {
  /** Relative to the working tree. */
  readonly path: string;
  readonly commit: string;
}

/** What is done about the tags of a run, where its code is in a git repository. */
export interface Tagging {
  /** Gives the run a tag that `git tag` lists, too. */
  readonly tag?: true;
  /** The remote that tags are pushed to when the run ends. */
  readonly push?: string;
  /** Takes the tags away at the end if there are no results. */
  readonly dropWithoutResults?: true;
}

/** Whether machine and process are measured while a run is under way; true is every 10 seconds. */
export type SystemMetricsOption = boolean | { /** In seconds. */ readonly every: number };

/**
 * Everything one run needs, decided before it starts. It is a value: a launcher hands it to another
 * process as it is.
 */
export interface RunSpec {
  readonly id: string;
  readonly experiment: string;
  /** Absolute path of the file that defines the experiment; absent for code that opens its own runs. */
  readonly file?: string;
  readonly command: string;
  /** Absolute path of the run's directory. */
  readonly dir: string;
  /** What was assigned, before defaults and transforms; the process that runs validates it again. */
  readonly input: JsonObject;
  /** The resolved config, as it is recorded. */
  readonly config: Json;
  /** Input and defaults, where the schema transforms them into something else. */
  readonly untransformed?: Json;
  /** Names the resolved config, but for its seed: runs of equal configs have equal hashes. */
  readonly configHash: string;
  readonly origins: Readonly<Record<string, Origin>>;
  /** The keys that other values of the config were made from, each with what was made. */
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  readonly seed: number;
  /** Nothing is kept of this run: its directory is a temporary one. */
  readonly ghost?: true;
  /** Seconds between two rows of system metrics; without it there are none. */
  readonly systemMetrics?: number;
  readonly overrides: readonly string[];
  readonly sinks: readonly string[];
  /** The longest rows wait before they are written, in seconds. Default 1. */
  readonly flushInterval?: number;
  /** Environment variables to record besides the usual ones, by name or glob. */
  readonly environment?: readonly string[];
  /** The metric whose value is the step of a row. */
  readonly stepMetric?: string;
  readonly name?: string;
  readonly comment?: string;
  readonly objective?: Objective;
  /** Commands to start where the process of the run has no chance to. */
  readonly hooks?: HookCommands;
  readonly git?: GitState;
  readonly tagging?: Tagging;
  readonly sources?: SourcesState;
  readonly parent?: string;
  /** The run whose config this one starts from. */
  readonly from?: string;
  /** The named configs and config files that were asked for, as they were written, in order. */
  readonly with?: readonly string[];
  readonly sweep?: SweepPlace;
  /** Which checkpoints are saved and kept; the newest two unless given. */
  readonly checkpoint?: CheckpointPolicy;
  /** Seconds that the run has, once it was told to end, to get to its next checkpoint. */
  readonly grace?: number;
  /** Present where the next attempt goes on with what earlier ones have left. */
  readonly resume?: ResumePoint;
  /** The code as it was when the run was planned. */
  readonly code?: CodeFiles;
  /** What of config and code differs from the attempts before, a line each. */
  readonly changes?: readonly string[];
  /** Present for a run that starts from another's checkpoint: what it takes along is copied. */
  readonly forkedFrom?: ForkedFrom;
  /** True for one more command in a run that is over: it adds to what is there. */
  readonly entered?: true;
  /** What is run instead of the code of an experiment. */
  readonly program?: ProgramSpec;
}

/** A program that runs in place of an experiment's code. */
interface ProgramSpec {
  /** The command, with placeholders: `{lr}`. */
  readonly words: readonly string[];
  /** Absolute path of the directory it starts in. */
  readonly cwd: string;
  /** Absolute path of the directory it may log to, where that is not the run's: repeats share it. */
  readonly logDir?: string;
}

/** Where a run stands in its sweep. */
export interface SweepPlace {
  readonly id: string;
  /** The values of the swept keys, by dotted path. */
  readonly variant: JsonObject;
  readonly variantIndex: number;
  /** Counted from 0. */
  readonly repeat: number;
  /** Files of the code that had changed since the sweep was planned when the run started. */
  readonly codeChanged?: readonly string[];
}

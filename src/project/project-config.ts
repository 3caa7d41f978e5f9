import { resolve } from 'node:path';
import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';
import { DEFAULT_ROOT } from '../core/layout.ts';
import { pickHooks, type HooksOf } from '../core/hook.ts';
import type { SystemMetricsOption, Tagging } from '../core/run-spec.ts';
import type { SinkChoice } from '../core/sink.ts';
import type { ProjectPlace } from './find-project.ts';

/** What a project file may set, for all experiments of a project. */
export interface ProjectConfig extends HooksOf<never> {
  /** Where runs are kept, relative to the project file. Default `runs`. */
  readonly root?: string;
  /** Sinks of the experiments that name none. */
  readonly sinks?: readonly SinkChoice[];
  /** The longest rows wait before they are written, in seconds. Default 1. */
  readonly flushInterval?: number;
  /** Keys whose values become part of run ids, in experiments that name none and have such a key. */
  readonly track?: readonly string[];
  /** Measures machine, process and GPUs during runs that say nothing of it; see README. */
  readonly systemMetrics?: SystemMetricsOption;
  /** Which checkpoints are kept: `last+gap:5`, or as an object. Default: the newest two. */
  readonly checkpoint?: CheckpointPolicy | string;
  /** How long a run that is told to end may take to its next checkpoint, in seconds. Default 30. */
  readonly grace?: number;
  /** Environment variables that are recorded besides the usual ones, by name or with `*`. */
  readonly environment?: readonly string[];
  /** Keeps the code of every run as a commit, in a git repository. Default `true`. */
  readonly snapshot?: boolean;
  /** Gives every run a tag that `git tag` lists, too. Default `false`. */
  readonly tags?: boolean;
  /** Pushes the tags of runs as they end, to `origin` or the remote of this name. Default `false`. */
  readonly push?: boolean | string;
  /** Takes the tags of runs away that end without results. Default `false`. */
  readonly dropWithoutResults?: boolean;
  readonly sources?: {
    /** Keeps a copy of the project's sources with every run. Default: where git keeps no snapshot. */
    readonly backup?: boolean;
    /** Files that stay out of the copy, in the syntax of .gitignore. */
    readonly ignore?: readonly string[];
    /** Larger files stay out of the copy, in bytes. Default 1 000 000. */
    readonly maxFileSize?: number;
  };
}

/** What holds for a project, with defaults. */
export interface Project extends ProjectPlace, HooksOf<never> {
  /** Absolute path of the run root. */
  readonly root: string;
  readonly sinks?: readonly SinkChoice[];
  readonly flushInterval?: number;
  readonly systemMetrics?: SystemMetricsOption;
  readonly checkpoint?: CheckpointPolicy | string;
  readonly grace?: number;
  readonly environment?: readonly string[];
  readonly track: readonly string[];
  readonly snapshot: boolean;
  /** What is done about the tags of runs. */
  readonly tagging: Tagging;
  readonly sources: {
    /** Absent: if there is no snapshot. */
    readonly backup?: boolean;
    readonly ignore: readonly string[];
    readonly maxFileSize: number;
  };
}

/** Fills in what a project file leaves open, or says nothing about for want of one. */
export function withDefaults(place: ProjectPlace, config: ProjectConfig): Project {
  const { root = DEFAULT_ROOT, sinks, flushInterval, track = [], systemMetrics, sources } = config;
  const { checkpoint, grace, environment, push } = config;
  return {
    ...place,
    root: resolve(place.dir, root),
    ...(sinks !== undefined && { sinks }),
    ...(flushInterval !== undefined && { flushInterval }),
    ...(systemMetrics !== undefined && { systemMetrics }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(grace !== undefined && { grace }),
    ...(environment !== undefined && { environment }),
    track,
    snapshot: config.snapshot ?? true,
    tagging: {
      ...(config.tags === true && { tag: true }),
      ...(push !== undefined && push !== false && { push: push === true ? 'origin' : push }),
      ...(config.dropWithoutResults === true && { dropWithoutResults: true }),
    },
    ...pickHooks(config),
    sources: { ignore: [], maxFileSize: 1_000_000, ...sources },
  };
}

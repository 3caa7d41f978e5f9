import { resolve } from 'node:path';
import { DEFAULT_ROOT } from '../core/layout.ts';
import { pickHooks, type HooksOf } from '../core/hook.ts';
import type { SystemMetricsOption } from '../core/run-spec.ts';
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
  readonly sources?: {
    /** Keeps a copy of the project's sources with every run. Default `false`. */
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
  readonly track: readonly string[];
  readonly sources: Required<NonNullable<ProjectConfig['sources']>>;
}

/** Fills in what a project file leaves open, or says nothing about for want of one. */
export function withDefaults(place: ProjectPlace, config: ProjectConfig): Project {
  const { root = DEFAULT_ROOT, sinks, flushInterval, track = [], systemMetrics, sources } = config;
  return {
    ...place,
    root: resolve(place.dir, root),
    ...(sinks !== undefined && { sinks }),
    ...(flushInterval !== undefined && { flushInterval }),
    ...(systemMetrics !== undefined && { systemMetrics }),
    track,
    ...pickHooks(config),
    sources: { backup: false, ignore: [], maxFileSize: 1_000_000, ...sources },
  };
}

import { commandsOf, pickHooks } from '../core/hook.ts';
import type { Objective } from '../core/objective.ts';
import type { RunSpec, SystemMetricsOption } from '../core/run-spec.ts';
import type { SinkChoice } from '../core/sink.ts';
import { flushIntervalOf } from './flush-interval.ts';
import type { RunHooks } from './hooks.ts';
import type { StopOnNaN } from './nan-guard.ts';
import { systemMetricsEvery } from './system-metrics.ts';

/** What holds while a run works: options of an experiment, and of `openRun`. */
export interface RunSettings extends RunHooks {
  /** What runs of one sweep are judged by. */
  readonly objective?: Objective;
  /** Where rows go; `EXP_SINKS` and `--sinks` win. Default: csv, tensorboard, artifacts, stdout. */
  readonly sinks?: readonly SinkChoice[];
  /**
   * The longest rows wait in memory before they are written, in seconds; `kill -9` loses no more.
   * 0 writes every row at once. Default 1; the environment variable EXP_FLUSH_INTERVAL wins.
   */
  readonly flushInterval?: number;
  /**
   * The full tag of a metric whose value is the step of a row: `env_steps`. A row that has it takes
   * it, one that has not gets the last step.
   */
  readonly stepMetric?: string;
  /**
   * Ends the run as failed when one of these metrics is NaN, or with `true` any; the row is written
   * first. Infinities are values like others. Default false.
   */
  readonly stopOnNaN?: StopOnNaN;
  /**
   * Measures machine and process, and the GPUs that the run sees, under `system/`, every 10 seconds
   * or `{ every }` seconds. Default: as the project file says, or false.
   */
  readonly systemMetrics?: SystemMetricsOption;
  /**
   * Makes `Math.random` draw from the run's seed, in its code alone: for libraries that take no
   * generator. Default false.
   */
  readonly seedGlobals?: boolean;
}

/** The settings among other options; those that are not given are left out. */
export function pickSettings({
  objective,
  sinks,
  flushInterval,
  stepMetric,
  stopOnNaN,
  systemMetrics,
  seedGlobals,
  ...rest
}: RunSettings): RunSettings {
  return {
    ...(objective !== undefined && { objective }),
    ...(sinks !== undefined && { sinks }),
    ...(flushInterval !== undefined && { flushInterval }),
    ...(stepMetric !== undefined && { stepMetric }),
    ...(stopOnNaN !== undefined && { stopOnNaN }),
    ...(systemMetrics !== undefined && { systemMetrics }),
    ...(seedGlobals !== undefined && { seedGlobals }),
    ...pickHooks(rest),
  };
}

/**
 * The settings as a planned run has them.
 * @param every seconds between two rows of system metrics, where a flag says so; 0 for none.
 * @throws {ExpError} EXP_USAGE for a bad flush interval, EXP_LOG for bad system metrics.
 */
export function plannedSettings(
  { objective, flushInterval, stepMetric, systemMetrics, ...rest }: RunSettings,
  every: number | undefined = systemMetricsEvery(systemMetrics),
): Pick<RunSpec, 'objective' | 'flushInterval' | 'stepMetric' | 'systemMetrics' | 'hooks'> {
  const interval = flushIntervalOf(flushInterval);
  const hooks = commandsOf(rest);
  return {
    ...(every !== undefined && every > 0 && { systemMetrics: every }),
    ...(interval !== undefined && { flushInterval: interval }),
    ...(stepMetric !== undefined && { stepMetric }),
    ...(objective !== undefined && { objective }),
    ...(hooks !== undefined && { hooks }),
  };
}

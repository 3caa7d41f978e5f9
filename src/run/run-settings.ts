import { checkPolicy } from '../checkpoint/policy.ts';
import type { CheckpointPolicy } from '../core/checkpoint-policy.ts';
import { commandsOf, pickHooks } from '../core/hook.ts';
import type { Objective } from '../core/objective.ts';
import type { RunSpec, SystemMetricsOption } from '../core/run-spec.ts';
import type { SinkChoice } from '../core/sink.ts';
import { secondsSetting } from './seconds-setting.ts';
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
  /**
   * Environment variables to record besides the usual ones, by name or with `*`: `['MY_DATA_*']`. What
   * looks like a secret is `[redacted]`. Default: as the project file says.
   */
  readonly environment?: readonly string[];
  /**
   * Which of the checkpoints that the code takes are saved, and which of them stay: as an object, or
   * as `--checkpoint` spells it, `last+gap:5`. Default: the newest two.
   */
  readonly checkpoint?: CheckpointPolicy | string;
  /**
   * How long a run that was told to end, by SIGTERM or SIGUSR1, may take to its next checkpoint, in
   * seconds. Default 30; the environment variable EXP_GRACE wins.
   */
  readonly grace?: number;
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
  environment,
  checkpoint,
  grace,
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
    ...(environment !== undefined && { environment }),
    ...(checkpoint !== undefined && { checkpoint }),
    ...(grace !== undefined && { grace }),
    ...pickHooks(rest),
  };
}

/**
 * The settings as a planned run has them.
 * @param every seconds between two rows of system metrics, where a flag says so; 0 for none.
 * @throws {ExpError} EXP_USAGE for a bad flush interval, EXP_LOG for bad system metrics,
 *   EXP_CHECKPOINT for a bad policy.
 */
export function plannedSettings(
  {
    objective,
    flushInterval,
    stepMetric,
    systemMetrics,
    checkpoint,
    grace,
    environment,
    ...rest
  }: RunSettings,
  every: number | undefined = systemMetricsEvery(systemMetrics),
): Pick<
  RunSpec,
  | 'objective'
  | 'flushInterval'
  | 'stepMetric'
  | 'systemMetrics'
  | 'checkpoint'
  | 'grace'
  | 'environment'
  | 'hooks'
> {
  const interval = secondsSetting('flushInterval', 'EXP_FLUSH_INTERVAL', flushInterval);
  const seconds = secondsSetting('grace', 'EXP_GRACE', grace);
  const hooks = commandsOf(rest);
  return {
    ...(every !== undefined && every > 0 && { systemMetrics: every }),
    ...(interval !== undefined && { flushInterval: interval }),
    ...(stepMetric !== undefined && { stepMetric }),
    ...(objective !== undefined && { objective }),
    ...(environment !== undefined && { environment }),
    ...(checkpoint !== undefined && { checkpoint: checkPolicy(checkpoint, 'checkpoint') }),
    ...(seconds !== undefined && { grace: seconds }),
    ...(hooks !== undefined && { hooks }),
  };
}

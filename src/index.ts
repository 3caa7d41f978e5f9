export { captured } from './decorators/captured.ts';
export { command } from './decorators/command.ts';
export { config } from './decorators/config.ts';
export { experiment } from './decorators/experiment.ts';
export { param } from './decorators/param.ts';

export { capture } from './capture/capture.ts';
export { inject } from './capture/inject.ts';
export { Experiment } from './experiment/experiment.ts';
export { findRuns, loadRun } from './experiment/load-run.ts';
export { runExperiment } from './experiment/run-experiment.ts';
export { resumeRun } from './experiment/resume-run.ts';
export {
  affinityFromCode,
  encodeAffinity,
  quickAffinityCode,
  slotCount,
} from './slots/affinity.ts';

export { updateConfig } from './experiment/update-config.ts';
export { makeVariants, VariantLevel } from './experiment/variant-level.ts';

export { registerCheckpointCodec } from './checkpoint/codecs.ts';
export { LoadedRun } from './history/loaded-run.ts';
export { logger, Logger } from './logging/logger.ts';
export { Rng } from './random/rng.ts';
export { noteBackend } from './run/backend.ts';
export { RunInterrupt } from './run/ending.ts';
export { openRun } from './run/open-run.ts';
export { Run } from './run/run.ts';

export { loadVariant, saveVariant } from './store/variant-file.ts';

export { runSweep } from './sweeper/run-sweep.ts';

export { artifactsSink } from '../sinks/artifacts.ts';
export { csvSink } from '../sinks/csv.ts';
export { jsonlSink } from '../sinks/jsonl.ts';
export { stdoutSink } from '../sinks/stdout.ts';
export { tensorboardSink } from '../sinks/tensorboard.ts';

export { ExpError, isExpError } from './core/errors.ts';
export { VERSION } from './core/version.ts';

export type { CheckpointCodec, Checkpointed } from './checkpoint/codecs.ts';
export type { ResumeOptions } from './experiment/resume-run.ts';
export type { CheckpointOptions } from './run/checkpointing.ts';
export type { CheckpointInfo, CheckpointReason } from './checkpoint/list.ts';
export type { CheckpointMode, CheckpointPolicy } from './core/checkpoint-policy.ts';
export type { ConfigSchema } from './config/schema.ts';
export type { ErrorCode } from './core/errors.ts';
export type {
  KeyOptions,
  LogOptions,
  Metrics,
  Row,
  RowOptions,
  TextLevel,
  Value,
} from './core/record.ts';
export type { RowState } from './core/run-context.ts';
export type { LevelOptions } from './logging/level.ts';
export type { MeanOptions, StatOptions } from './logging/logger.ts';
export type { StopOnNaN } from './run/nan-guard.ts';
export type { SystemMetricsOption } from './core/run-spec.ts';
export type { Objective } from './core/objective.ts';
export type {
  Audio,
  Histogram,
  Image,
  Media,
  MediaRecord,
  Table,
  Text,
  Video,
} from './core/media.ts';
export type {
  Encoded,
  FileOutput,
  NewColumns,
  Parameter,
  RunEnding,
  Sink,
  SinkChoice,
  SinkRun,
  StreamOutput,
} from './core/sink.ts';
export type { AudioOptions, Samples } from './media/audio.ts';
export type { HistogramOptions, HistogramValues } from './media/histogram.ts';
export type { ImageSource } from './media/image.ts';
export type { NestedNumbers, TypedArray } from './media/numbers.ts';
export type { PixelOptions, PixelValues } from './media/pixels.ts';
export type { TableCell, TableSource } from './media/table.ts';
export type { VideoOptions, VideoSource } from './media/video.ts';
export type { RunStatus } from './core/status.ts';
export type { Captured, CapturedOptions, MethodDecorator } from './decorators/captured.ts';
export type { Config, FieldDecorator } from './decorators/config.ts';
export type { ExperimentDecorator, FieldsOptions } from './decorators/experiment.ts';
export type { ParamDecorator } from './decorators/param.ts';
export type { CaptureOptions } from './capture/capture.ts';
export type { CaptureByName, CaptureMembers } from './capture/capture-typed.ts';
export type {
  ConfigHook,
  ConfigOverrides,
  ConfigValues,
  Derive,
  HookContext,
  NamedConfig,
  SweepInterval,
  SweepOf,
  SweptPoint,
} from './config/config-types.ts';
export type { ExperimentOptions } from './experiment/definition.ts';
export type { FunctionOptions, MainFunction, MainWithValues } from './experiment/experiment.ts';
export type {
  GivenList,
  GivenValues,
  InjectedList,
  InjectedName,
  InjectedValue,
  InjectedValues,
  SpecialValues,
} from './capture/injected-types.ts';
export type { MadeVariants } from './experiment/variant-level.ts';
export type { ForkOptions } from './experiment/fork.ts';
export type { FindOptions, LoadOptions } from './experiment/load-run.ts';
export type { MetricSeries, RunFile } from './history/loaded-run.ts';
export type { MetricRow, MetricValue } from './history/metric-rows.ts';
export type { ForkedFrom } from './core/forked-from.ts';
export type { Attempt, Manifest } from './core/manifest.ts';
export type { EnvironmentRecord } from './core/environment.ts';
export type { Runnable, RunOptions } from './experiment/run-experiment.ts';
export type { ProjectConfig } from './project/project-config.ts';
export type { OpenedRun, OpenRunOptions } from './run/open-run.ts';
export type { RunAffinity } from './run/run-affinity.ts';
export type {
  BestVariant,
  FileSweepOptions,
  ProgramSweepOptions,
  ProgramTarget,
  SweepEvent,
  SweepOptions,
  SweepResult,
  SweepSettings,
  SweptKeys,
  SweptRun,
} from './sweeper/sweep-options.ts';
export type { RunSettings } from './run/run-settings.ts';
export type { DeepReadonly } from './config/config-types.ts';
export type { StdoutOptions, TextStream } from '../sinks/stdout.ts';
export type { TensorboardOptions } from '../sinks/tensorboard.ts';
export type { Affinity, AffinityOptions, QuickAffinityOptions } from './slots/affinity.ts';
export type { AsyncAffinity, OptimizerAffinity } from './slots/affinity-async.ts';
export type { DeviceAffinity } from './slots/affinity-build.ts';
export type { CodeMachine } from './slots/code-machine.ts';

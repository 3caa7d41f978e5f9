import type { JsonSchema } from '../config/json-schema.ts';
import type { Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SinkRun } from '../core/sink.ts';
import { parametersOf } from './parameters.ts';

/** What the sinks of an attempt are told of its run. */
export function sinkRunOf(
  { id, experiment, dir, config, objective, sweep, resume }: RunSpec,
  { attempts }: Manifest,
  startedAt: Date,
  schema: JsonSchema | undefined,
): SinkRun {
  return {
    id,
    experiment,
    dir,
    startedAt: startedAt.getTime() / 1000,
    attempt: attempts.length,
    ...(resume !== undefined && { resumedAt: resume.row + 1 }),
    config,
    parameters: parametersOf(config, schema, Object.keys(sweep?.variant ?? {})),
    ...(objective !== undefined && { objective }),
  };
}

import { resolve } from 'node:path';
import { DEFAULT_ROOT } from '../core/layout.ts';
import { userPlace } from '../core/place.ts';
import { readGitState } from '../provenance/git.ts';
import type { Run } from '../run/run.ts';
import { sinkNames, type SinkChoice } from '../run/sinks.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { findRun } from '../store/find-runs.ts';
import { projectDir } from '../store/project.ts';
import type { ConfigOverrides } from './config-types.ts';
import type { Definition } from './definition.ts';
import { earlierConfig } from './earlier-config.ts';
import { execute } from './execute.ts';
import { planRun } from './plan.ts';
import { definitionOf } from './registry.ts';

export interface RunOptions {
  /** Where runs are kept; `runs` beside the nearest package.json unless given. */
  readonly root?: string;
  readonly command?: string;
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  /** An earlier run whose config to start from: its id, a unique part of it, or its path. */
  readonly from?: string;
  readonly seed?: number;
  readonly sinks?: readonly SinkChoice[];
  readonly name?: string;
  readonly comment?: string;
}

/**
 * Runs an experiment in this process and returns the finished run. Any number of runs, also of one
 * experiment, may be under way at once; a run started inside another names it as its parent.
 *
 * @param target a decorated class or static method, or an experiment object.
 * @throws {ExpError} if the run cannot start; otherwise whatever main throws, after it is recorded.
 */
export async function runExperiment<Config = Record<string, unknown>>(
  target: unknown,
  overrides: ConfigOverrides<Config> = {},
  options: RunOptions = {},
): Promise<Run<Config>> {
  const place = userPlace(new Error().stack);
  const { root, sinks, from, ...rest } = options;
  const base = root === undefined ? resolve(projectDir(), DEFAULT_ROOT) : resolve(root);
  const definition = withSinks(definitionOf(target), sinks);
  const spec = await planRun(definition, {
    ...rest,
    root: base,
    values: overrides,
    valuesOrigin: { layer: 'api', ...place },
    ...optional('from', from === undefined ? undefined : earlierConfig(findRun(base, from))),
    ...optional('sinks', sinks && sinkNames(sinks)),
    ...optional('git', readGitState(projectDir(), base)),
    ...optional('parent', tryCurrentScope()?.run.id),
  });
  const { run, thrown } = await execute(definition, spec);
  if (thrown !== undefined && run.status !== 'completed') throw thrown.error;
  return run as Run<Config>;
}

/** The definition, with the user's own sinks among those it can find by name. */
function withSinks(definition: Definition, sinks?: readonly SinkChoice[]): Definition {
  if (sinks === undefined) return definition;
  return { ...definition, sinks: [...(definition.sinks ?? []), ...sinks] };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

import { resolve } from 'node:path';
import type { JsonObject } from '../core/json.ts';
import { DEFAULT_ROOT } from '../core/layout.ts';
import { readGitState } from '../provenance/git.ts';
import type { Run } from '../run/run.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { projectDir } from '../store/project.ts';
import { execute } from './execute.ts';
import { planRun } from './plan.ts';
import { definitionOf } from './registry.ts';

/** Config values to set, section by section; the schema's defaults hold for the others. */
export type ConfigOverrides<C> = {
  readonly [K in keyof C]?: C[K] extends Record<string, unknown> ? ConfigOverrides<C[K]> : C[K];
};

export interface RunOptions {
  /** Where runs are kept; `runs` beside the nearest package.json unless given. */
  readonly root?: string;
  readonly command?: string;
  readonly seed?: number;
  readonly sinks?: readonly string[];
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
  const definition = definitionOf(target);
  const parent = tryCurrentScope()?.run.id;
  const { root, ...rest } = options;
  const spec = await planRun(definition, {
    ...rest,
    root: root === undefined ? resolve(projectDir(), DEFAULT_ROOT) : resolve(root),
    values: overrides as JsonObject,
    ...optional('git', readGitState(projectDir())),
    ...optional('parent', parent),
  });
  const { run, thrown } = await execute(definition, spec);
  if (thrown !== undefined && run.status !== 'completed') throw thrown.error;
  return run as Run<Config>;
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

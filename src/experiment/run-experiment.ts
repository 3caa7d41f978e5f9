import { resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { userPlace } from '../core/place.ts';
import type { SinkChoice } from '../core/sink.ts';
import { loadProject } from '../project/load-project.ts';
import { readGitState } from '../provenance/git.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { ghostRoot } from '../run/ghost.ts';
import type { Run } from '../run/run.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { enterRun, refuseOpen } from '../store/enter-run.ts';
import { findRun } from '../store/find-runs.ts';
import { LauncherLock } from '../store/launcher-lock.ts';
import { StoredRun } from '../store/stored-run.ts';
import type { ConfigValues } from '../config/config-types.ts';
import { ownSinks, type Definition } from './definition.ts';
import { earlierConfig } from './earlier-config.ts';
import { enteredSpec, enterRequest } from './enter.ts';
import { execute } from './execute.ts';
import { forkedConfig, forkRequest, type ForkOptions } from './fork.ts';
import { planRun } from './plan.ts';
import type { RunRequest } from './requests.ts';
import { definitionOf, directoryOfDefinition } from './registry.ts';
import { withProject } from './with-project.ts';

/** How a run that code starts is kept and told apart. */
export interface RunOptions {
  /** Where runs are kept; the run root of the project that defines the experiment unless given. */
  readonly root?: string;
  readonly command?: string;
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  /** An earlier run whose config to start from: its id, a unique part of it, or its path. */
  readonly from?: string;
  /**
   * Starts from a checkpoint of an earlier run, with its config and seed, and its curves up to there:
   * its id, a unique part of it, or its path, alone or with a step and keys that stay as they are here.
   */
  readonly fork?: string | ({ readonly run: string } & ForkOptions);
  /**
   * A run that is over, to enter by another `command` as its next attempt: with its config and seed, and
   * `run.restore()` gives its newest checkpoint. What it has come to stays.
   */
  readonly in?: string;
  readonly seed?: number;
  readonly sinks?: readonly SinkChoice[];
  /** True to keep nothing: the run's directory is a temporary one. `EXP_GHOST=1` says the same. */
  readonly ghost?: boolean;
  readonly name?: string;
  readonly comment?: string;
}

/**
 * What can be run: a decorated class or static method, or an experiment object. The run that its code
 * takes, or that it gives, tells the compiler its config.
 */
export type Runnable<Config> =
  | { readonly run: (...args: never[]) => Promise<Run<Config>> }
  | (abstract new () => { main(run: Run<Config>, ...captured: never[]): unknown })
  | ((run: Run<Config>, ...captured: never[]) => unknown);

/**
 * Runs an experiment in this process and returns the finished run. Any number of runs, also of one
 * experiment, may be under way at once; a run started inside another names it as its parent.
 *
 * @throws {ExpError} if the run cannot start; otherwise whatever main throws, after it is recorded.
 */
export async function runExperiment<Config = Record<string, unknown>>(
  target: Runnable<Config>,
  overrides: NoInfer<ConfigValues<Config>> = {},
  options: RunOptions = {},
): Promise<Run<Config>> {
  const place = userPlace(new Error().stack);
  const { root, sinks, from, fork, in: entered, ghost: asked, ...rest } = options;
  const defined = definitionOf(target);
  const project = await loadProject(directoryOfDefinition(defined));
  const base = root === undefined ? project.root : resolve(root);
  const definition = withSinks(withProject(defined, project), sinks);
  if (entered !== undefined) return enterByCode(definition, overrides, { base, entered, options });
  const ghost = ghostRoot(asked);
  const request: RunRequest = {
    ...rest,
    root: ghost?.dir ?? base,
    ghost: ghost !== undefined,
    values: overrides,
    valuesOrigin: { layer: 'api', ...place },
    ...(await earlier(base, from, fork)),
    ...optional('git', readGitState(project.dir, base)),
    ...optional('parent', tryCurrentScope()?.run.id),
  };
  try {
    const planned = await planRun(definition, request);
    const sources = ghost === undefined ? backUpSources(project, base) : undefined;
    const spec = { ...planned, ...optional('sources', sources) };
    const { run, thrown } = await execute(definition, spec, optional('onOver', ghost?.remove));
    if (thrown !== undefined && run.status !== 'completed') throw thrown.error;
    return run as Run<Config>;
  } finally {
    ghost?.remove();
  }
}

interface Entry {
  readonly base: string;
  readonly entered: string;
  readonly options: RunOptions;
}

async function enterByCode<Config>(
  definition: Definition,
  overrides: object,
  { base, entered, options }: Entry,
): Promise<Run<Config>> {
  const { root: _, in: __, command, sinks, ...others } = options;
  const other = Object.keys(overrides)[0] ?? Object.keys(others)[0];
  if (other !== undefined) {
    const text = `A run is entered with the config it has, and "${other}" has no place there.`;
    throw new ExpError('EXP_USAGE', `${text} Leave it out, or use fork.`);
  }
  const found = findRun(base, entered);
  refuseOpen(found);
  const asked = enterRequest(found, command);
  const { sinks: stored, ...request } = asked;
  const planned = await planRun(definition, {
    root: base,
    ...request,
    ...(sinks === undefined && { sinks: stored! }),
  });
  const lock = new LauncherLock(found.dir, 'run');
  try {
    const spec = enteredSpec(planned, new StoredRun(found.dir));
    enterRun(found.dir);
    const { run, thrown } = await execute(definition, spec);
    if (thrown !== undefined && run.status !== 'completed') throw thrown.error;
    return run as Run<Config>;
  } finally {
    lock.release();
  }
}

/** The earlier run that a new one starts from: its config alone, or a checkpoint of it. */
async function earlier(
  root: string,
  from: string | undefined,
  fork: RunOptions['fork'],
): Promise<Pick<RunRequest, 'from' | 'fork'>> {
  if (fork === undefined) {
    return from === undefined ? {} : { from: earlierConfig(findRun(root, from)) };
  }
  if (from !== undefined) {
    const text = 'A fork has the config of the run it starts from. Leave out from, or fork.';
    throw new ExpError('EXP_USAGE', text);
  }
  const { run: name, ...options } = typeof fork === 'string' ? { run: fork } : fork;
  const run = findRun(root, name);
  return { from: forkedConfig(run, options), fork: await forkRequest(run, options) };
}

/** The definition with other sinks; it still finds its own by name. */
function withSinks(definition: Definition, sinks?: readonly SinkChoice[]): Definition {
  if (sinks === undefined) return definition;
  return { ...definition, sinks, brought: ownSinks(definition) };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}

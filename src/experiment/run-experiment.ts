import { resolve } from 'node:path';
import { ExpError } from '../core/errors.ts';
import { userPlace } from '../core/place.ts';
import type { SinkChoice } from '../core/sink.ts';
import { loadProject } from '../project/load-project.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { ghostRoot } from '../run/ghost.ts';
import { snapshotCode } from '../run/snapshot-code.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { Run, Runnable } from '../run/run.ts';
import { setStarter } from '../run/start.ts';
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
import { forkedConfig, forkRequest } from './fork.ts';
import { planRun } from './plan.ts';
import type { RunRequest } from './requests.ts';
import { definitionOf, directoryOfDefinition } from './registry.ts';
import { withProject } from './with-project.ts';

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
  // Before anything is awaited: children that are started at once keep their order.
  const outer = tryCurrentScope();
  const derivedSeed = outer?.ofCall(defined.name).nextSeed();
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
    ...optional('git', snapshotCode(project, base, { ghost: ghost !== undefined })),
    tagging: project.tagging,
    ...optional('parent', outer?.run.id),
    ...optional('derivedSeed', derivedSeed),
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

setStarter(runExperiment);

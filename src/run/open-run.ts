import { resolve } from 'node:path';
import { freezeDeep } from '../config/freeze.ts';
import { leaves } from '../config/assignment.ts';
import { configHash } from '../config/hash.ts';
import { pathText } from '../config/path.ts';
import { ExpError, messageOf } from '../core/errors.ts';
import { pickHooks } from '../core/hook.ts';
import { toJson, type JsonObject } from '../core/json.ts';
import { runDir } from '../core/layout.ts';
import { isExperimentName, makeRunId } from '../core/run-id.ts';
import type { Origin, RunSpec } from '../core/run-spec.ts';
import { directoryOf } from '../project/find-project.ts';
import { loadProject, loadProjectNow } from '../project/load-project.ts';
import type { Project } from '../project/project-config.ts';
import type { GhostRoot } from '../store/ghost-root.ts';
import { checkSeed, randomSeed } from '../random/seed.ts';
import { enterScope, Scope, storedScope, tryCurrentScope } from '../scope/scope.ts';
import { backUpSources } from './back-up-sources.ts';
import { conduct } from './conduct.ts';
import { endingOf } from './ending.ts';
import { ghostRoot } from './ghost.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Run } from './run.ts';
import { pickSettings, plannedSettings, type RunSettings } from './run-settings.ts';
import { chooseSinks, makeSinks } from './sinks.ts';
import { snapshotCode } from './snapshot-code.ts';

/** What a run around existing code is called, and how it is kept. */
export interface OpenRunOptions<Config> extends RunSettings {
  /** Names the experiment the run belongs to. */
  readonly name: string;
  /** The config as it is: plain values, recorded with the run. */
  readonly config?: Config;
  readonly seed?: number;
  /** Where runs are kept; the run root of the project around the calling code unless given. */
  readonly root?: string;
  readonly comment?: string;
  /** True to keep nothing: the run's directory is a temporary one. `EXP_GHOST=1` says the same. */
  readonly ghost?: boolean;
}

/** A run that its opener ends. */
export interface OpenedRun<Config> extends Run<Config>, AsyncDisposable {
  /** Ends the run as completed or, given an error, as failed. */
  close(error?: unknown): Promise<void>;
}

/**
 * Opens a run around existing code, without decorators: `await using run = await openRun({ name })`.
 * From here to the end of the block, the logger and captured functions belong to it. The form is for
 * the top level of a program: whatever starts before the block ends is in the run as well. An error
 * that leaves the block and ends the process makes the run failed.
 *
 * With a function the run is just what happens inside of it, wherever that stands, and an error it
 * throws makes the run failed and is passed on.
 * @throws {ExpError} EXP_EXPERIMENT for a bad name, EXP_FILE, EXP_SINK, EXP_USAGE for a bad seed or flush interval,
 *   EXP_CONFIG for a bad project file.
 */
export function openRun<Config extends object = object>(
  options: OpenRunOptions<Config>,
): Promise<OpenedRun<Config>>;
export function openRun<Config extends object = object>(
  options: OpenRunOptions<Config>,
  work: (run: Run<Config>) => unknown,
): Promise<Run<Config>>;
// Without a function, everything happens before the first await, in the scope of the caller: that is
// what lets the scope entered here still be there once the caller has awaited the result.
export async function openRun<Config extends object = object>(
  options: OpenRunOptions<Config>,
  work?: (run: Run<Config>) => unknown,
): Promise<Run<Config>> {
  const from = directoryOf(new Error().stack);
  const project = work === undefined ? loadProjectNow(from) : await loadProject(from);
  const lifecycle = startRun(options, project, {
    endsWithProcess: work === undefined,
    seedGlobals: options.seedGlobals === true,
    stopOnNaN: options.stopOnNaN,
    hooks: { ...pickHooks(project as RunSettings), ...pickHooks(options) },
  });
  const run = lifecycle.run as Run<Config>;
  if (work !== undefined) {
    const thrown = await conduct(lifecycle, work as (run: Run) => unknown);
    if (thrown !== undefined && run.status !== 'completed') throw thrown.error;
    return run;
  }
  const before = storedScope();
  enterScope(Scope.ofAmbientRun(run));
  const close = async (error?: unknown): Promise<void> => {
    enterScope(before);
    await lifecycle.end(error === undefined ? { status: 'completed' } : endingOf(error));
    if (error === undefined) amendIfThrown(lifecycle);
  };
  try {
    await lifecycle.hooks.before();
  } catch (error) {
    await close(error);
    throw error;
  }
  return Object.assign(run, { close, [Symbol.asyncDispose]: () => close() });
}

function startRun(
  options: OpenRunOptions<object>,
  project: Project,
  lifecycle: LifecycleOptions,
): Lifecycle {
  const ghost = ghostRoot(options.ghost);
  try {
    return startRunIn(options, project, lifecycle, ghost);
  } catch (error) {
    ghost?.remove();
    throw error;
  }
}

function startRunIn(
  options: OpenRunOptions<object>,
  project: Project,
  lifecycle: LifecycleOptions,
  ghost: GhostRoot | undefined,
): Lifecycle {
  const { name, config = {}, sinks, root, comment } = options;
  // One that is opened without a function may be open beside another, and is in none.
  const outer = lifecycle.endsWithProcess === true ? undefined : tryCurrentScope();
  if (!isExperimentName(name)) {
    throw new ExpError(
      'EXP_EXPERIMENT',
      `"${name}" cannot name an experiment. Use letters, digits, dots, dashes and underscores.`,
    );
  }
  const chosen = chooseSinks({ code: sinks, project: project.sinks });
  const base = ghost?.dir ?? (root === undefined ? project.root : resolve(root));
  const settings = plannedSettings({
    ...pickSettings(project as RunSettings),
    ...pickSettings(options),
  });
  const git = snapshotCode(project, base, { ghost: ghost !== undefined });
  const values = cloneConfig(config);
  const seedOrigin: Origin =
    options.seed === undefined ? { layer: 'seed', text: 'random' } : { layer: 'api' };
  const byKey = new Map(leaves(values).map(({ path, value }) => [pathText(path), value]));
  const tracked = project.track.map((key) => [key, byKey.get(key)]);
  const id = makeRunId(new Date(), Object.fromEntries(tracked));
  const spec: RunSpec = {
    id,
    experiment: name,
    command: 'main',
    dir: runDir(base, name, id),
    input: values,
    config: toJson(values),
    configHash: configHash(values),
    origins: Object.fromEntries([
      ...[...byKey.keys()].map((key) => [key, { layer: 'api' }]),
      ['seed', seedOrigin],
    ]),
    seed: options.seed === undefined ? randomSeed() : checkSeed(options.seed),
    ...(ghost !== undefined && { ghost: true }),
    overrides: [],
    sinks: chosen.names,
    ...settings,
    ...(comment !== undefined && { comment }),
    ...(outer !== undefined && { parent: outer.run.id }),
    ...(git !== undefined && { git }),
    ...(Object.keys(project.tagging).length > 0 && { tagging: project.tagging }),
  };
  const made = makeSinks(chosen, [...(project.sinks ?? []), ...(sinks ?? [])]);
  const sources = ghost === undefined ? backUpSources(project, base) : undefined;
  const withSources = { ...spec, ...(sources !== undefined && { sources }) };
  return new Lifecycle(withSources, freezeDeep(values), made, {
    ...lifecycle,
    ...(ghost !== undefined && { onOver: ghost.remove }),
  });
}

function cloneConfig(config: object): JsonObject {
  try {
    return structuredClone(config) as JsonObject;
  } catch (error) {
    throw new ExpError(
      'EXP_CONFIG',
      `The config of a run must be plain values: ${messageOf(error)}.`,
      { cause: error },
    );
  }
}

/**
 * A block that is left by an error disposes its resources before anyone learns of the error. One
 * that ends the process, or has it end with a bad exit code, in this very turn, is then what the run
 * failed of.
 */
function amendIfThrown(lifecycle: Lifecycle): void {
  if (justClosed.size === 0) {
    process.on('uncaughtExceptionMonitor', amendJustClosed);
    process.on('exit', amendByExitCode);
    setImmediate(() => {
      amendByExitCode(process.exitCode);
      process.off('uncaughtExceptionMonitor', amendJustClosed);
      process.off('exit', amendByExitCode);
      justClosed.clear();
    });
  }
  justClosed.add(lifecycle);
}

// One listener, however many runs a turn closes.
const justClosed = new Set<Lifecycle>();

function amendJustClosed(error: unknown): void {
  for (const lifecycle of justClosed) lifecycle.amend(error);
}

function amendByExitCode(code: number | string | null | undefined): void {
  if (code === undefined || code === null || Number(code) === 0) return;
  amendJustClosed(
    new ExpError('EXP_RUN', `The process ended with exit code ${code} as the run was left.`),
  );
}

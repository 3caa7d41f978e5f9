import { resolve } from 'node:path';
import { schemaOf } from '../config/compose.ts';
import { restoreNumbers } from '../config/restore-numbers.ts';
import { revive } from '../config/revive.ts';
import type { ConfigSchema } from '../config/schema.ts';
import { LoadedRun } from '../history/loaded-run.ts';
import { directoryOf } from '../project/find-project.ts';
import { loadProject } from '../project/load-project.ts';
import { findRun, readRuns } from '../store/find-runs.ts';
import type { StoredRun } from '../store/stored-run.ts';
import type { ShownStatus } from '../core/status.ts';
import type { Definition } from './definition.ts';
import { definitionOf, directoryOfDefinition } from './registry.ts';
import type { Runnable } from '../run/run.ts';

/** Where to look for a run, and how to read its config. */
export interface LoadOptions<Config = unknown> {
  /** Where runs are kept; the run root of the project around the calling code unless given. */
  readonly root?: string;
  /** The schema of the config: dates, bigints, NaN and infinities become what they were. */
  readonly schema?: ConfigSchema<Config>;
}

/** Which runs to find. */
export interface FindOptions {
  readonly root?: string;
  readonly experiment?: string;
  readonly status?: ShownStatus;
}

/**
 * Loads a run by its id, a unique part of it, or its path; `last` is the newest. With its experiment, or
 * a schema, the config is read by it. Nothing is ever written.
 * @throws {ExpError} EXP_USAGE for a run that is not there, EXP_FILE for one that is damaged.
 */
export function loadRun<Config = Record<string, unknown>>(
  name: string,
  options?: LoadOptions<Config>,
): Promise<LoadedRun<Config>>;
export function loadRun<Config>(
  target: Runnable<Config>,
  name: string,
  options?: Pick<LoadOptions, 'root'>,
): Promise<LoadedRun<Config>>;
export async function loadRun(
  first: unknown,
  second?: string | LoadOptions,
  third: Pick<LoadOptions, 'root'> = {},
): Promise<LoadedRun<unknown>> {
  const from = directoryOf(new Error().stack);
  if (typeof first === 'string') {
    const { root, schema } = (second ?? {}) as LoadOptions;
    return loaded(findRun(await rootOf(root, from), first), schema);
  }
  const definition = definitionOf(first);
  const root = await rootOf(third.root, directoryOfDefinition(definition));
  return loaded(findRun(root, second as string), definition.schema);
}

/** The runs under a root, oldest first; those that are damaged are named on stderr and left out. */
export async function findRuns({ root, experiment, status }: FindOptions = {}): Promise<
  LoadedRun[]
> {
  const from = directoryOf(new Error().stack);
  return readRuns(await rootOf(root, from))
    .filter((run) => experiment === undefined || run.manifest.experiment === experiment)
    .filter((run) => status === undefined || run.status === status)
    .map((run) => loaded<Record<string, unknown>>(run));
}

async function rootOf(root: string | undefined, from: string): Promise<string> {
  return root === undefined ? (await loadProject(from)).root : resolve(root);
}

function loaded<Config>(run: StoredRun, schema?: Definition['schema']): LoadedRun<Config> {
  const { config } = run.readConfig();
  const described = schema === undefined ? undefined : schemaOf(schema);
  const read =
    described === undefined ? config : revive(restoreNumbers(config, described), described);
  return new LoadedRun(run, read as Config);
}

import { ExpError, isExpError } from '../core/errors.ts';
import type { Manifest } from '../core/manifest.ts';
import type { GitState } from '../core/run-spec.ts';
import type { LeftOut } from '../core/sources.ts';
import { holderOf, type CommitPlace } from '../snapshots/checkout.ts';
import { listTags, taggedRuns } from '../snapshots/list-tags.ts';
import { findRepository } from '../snapshots/repository.ts';
import { storedSources, type SourcesOfRun } from '../snapshots/stored-sources.ts';
import { findRun } from '../store/find-runs.ts';
import { runNamed } from './tags.ts';

/** A run with what is known of it, be it from its directory or from its tag. */
export interface KnownRun {
  readonly id: string;
  readonly experiment: string;
  readonly command?: string;
  readonly config: unknown;
  readonly seed?: number;
  readonly results: unknown;
  /** The commit that holds its code. */
  readonly snapshot?: string;
  /** The repository that has it, where one here does. */
  readonly place?: CommitPlace;
  readonly leftOut: readonly LeftOut[];
  /** Sources that were copied. */
  readonly sources?: SourcesOfRun;
}

/**
 * Finds a run under a run root by id, unique part of it, or path; or else among the tags of the
 * repository around the current directory, by run or tag.
 * @param attempt whose code it is, counted from 1; the last one's unless given.
 * @throws {ExpError} EXP_USAGE if there is none, or more than one.
 */
export function knownRun(root: string, name: string, attempt?: number): KnownRun {
  try {
    return storedRun(root, name, attempt);
  } catch (error) {
    if (!isExpError(error) || error.code !== 'EXP_USAGE' || attempt !== undefined) throw error;
    const tagged = taggedRun(name);
    if (tagged === undefined) throw error;
    return tagged;
  }
}

function storedRun(root: string, name: string, attempt: number | undefined): KnownRun {
  const { dir, manifest, ...run } = withConfig(findRun(root, name));
  const { id, experiment, command, seed, result } = manifest;
  const git = attempt === undefined ? manifest.git : codeOfAttempt(manifest, attempt);
  const listing = storedSources(dir);
  const snapshot = git?.snapshot;
  // Where the repository is gone or moved, a clone with the tags will do.
  const places = git?.top === undefined ? [process.cwd()] : [git.top, process.cwd()];
  const place = snapshot === undefined ? undefined : placeIn(places, snapshot);
  return {
    id,
    experiment,
    command,
    seed,
    config: run.config,
    results: result,
    leftOut: git?.leftOut ?? [],
    ...(snapshot !== undefined && { snapshot }),
    ...(place !== undefined && { place }),
    ...(listing !== undefined && { sources: { dir, listing } }),
  };
}

/** An attempt has its code beside it where a later one has run other code. */
function codeOfAttempt({ id, attempts, git }: Manifest, attempt: number): GitState | undefined {
  if (attempt > attempts.length) {
    const text = `The run ${id} has ${attempts.length} attempts, and no attempt ${attempt}.`;
    throw new ExpError('EXP_USAGE', text);
  }
  return attempts.slice(attempt - 1).find((one) => one.git !== undefined)?.git ?? git;
}

function withConfig(run: ReturnType<typeof findRun>) {
  return { dir: run.dir, manifest: run.manifest, config: run.readConfig().config };
}

/** The first repository around these directories that holds a commit. */
export function placeIn(dirs: readonly string[], commit: string): CommitPlace | undefined {
  for (const dir of dirs) {
    const place = holderOf(dir, commit);
    if (place !== undefined) return place;
  }
  return undefined;
}

function taggedRun(name: string): KnownRun | undefined {
  const repository = findRepository(process.cwd());
  if (repository === undefined) return undefined;
  const record = runNamed(taggedRuns(listTags(repository.top)), name)?.record;
  if (record === undefined) return undefined;
  const { run: id, experiment, parameters: config, results, commit: snapshot } = record;
  return { id, experiment, config, results, snapshot, place: repository, leftOut: [] };
}

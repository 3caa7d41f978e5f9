import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ExpError, suggest } from '../core/errors.ts';
import { RUN_FILES, SHARED_DIR, SWEEP_FILES, sweepDir, sweepsDir } from '../core/layout.ts';
import { StoredRun } from './stored-run.ts';

/** Directories of all runs under a run root, oldest first. A root that is not there has none. */
export function listRunDirs(root: string): string[] {
  return directories(root)
    .flatMap((experiment) =>
      directories(join(root, experiment))
        .filter((id) => id !== SHARED_DIR)
        .map((id) => join(root, experiment, id)),
    )
    .filter((dir) => existsSync(join(dir, RUN_FILES.manifest)))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/** Every readable run under a root; a damaged one is named on stderr and left out. */
export function readRuns(root: string): StoredRun[] {
  return listRunDirs(root).flatMap((dir) => {
    try {
      return [new StoredRun(dir)];
    } catch (error) {
      process.stderr.write(`${(error as Error).message}\n`);
      return [];
    }
  });
}

/** Directories of all sweeps under a run root, oldest first. */
export function listSweepDirs(root: string): string[] {
  return directories(root)
    .flatMap((experiment) => {
      const parent = sweepsDir(root, experiment);
      return directories(parent).map((id) => join(parent, id));
    })
    .filter((dir) => existsSync(join(dir, SWEEP_FILES.plan)))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/**
 * Finds one run by id, unique part of it, or path; `last` is the newest that no other run has started.
 * @throws {ExpError} EXP_USAGE if there is none, or more than one.
 */
export function findRun(root: string, name: string): StoredRun {
  if (existsSync(join(resolve(name), RUN_FILES.manifest))) return new StoredRun(resolve(name));
  const dirs = listRunDirs(root);
  return (
    (name === 'last' ? lastRun(dirs) : undefined) ?? new StoredRun(pick(dirs, name, 'run', root))
  );
}

function lastRun(dirs: readonly string[]): StoredRun | undefined {
  for (const dir of dirs.toReversed()) {
    const run = new StoredRun(dir);
    if (run.manifest.parent === undefined) return run;
  }
  return undefined;
}

/** A run, or the directory of a sweep. */
export type Found =
  | { readonly what: 'run'; readonly run: StoredRun }
  | { readonly what: 'sweep'; readonly dir: string };

/**
 * Finds a run or a sweep by id, unique part of it, or path; `last` is what was started last: a sweep,
 * or a run that belongs to none.
 * @throws {ExpError} EXP_USAGE if there is none, or more than one.
 */
export function findRunOrSweep(root: string, name: string): Found {
  if (name === 'last') return findLast(root);
  const dir = tryFindSweep(root, name);
  if (dir === undefined) return { what: 'run', run: findRun(root, name) };
  const id = basename(dir);
  const runs = matching(listRunDirs(root), name);
  if (runs.length === 0 || name === id) return { what: 'sweep', dir };
  throw new ExpError(
    'EXP_USAGE',
    `"${name}" fits the sweep ${id} and ${runs.length} runs. Name one.`,
  );
}

function findLast(root: string): Found {
  const [run, sweep] = [lastRun(listRunDirs(root))?.dir, listSweepDirs(root).at(-1)];
  // The id of a sweep is older than those of its runs.
  const isSweep = sweep !== undefined && (run === undefined || basename(run) < basename(sweep));
  if (isSweep) return { what: 'sweep', dir: sweep };
  const newest = findRun(root, 'last');
  const { experiment, sweep: place } = newest.manifest;
  if (place === undefined) return { what: 'run', run: newest };
  return { what: 'sweep', dir: sweepDir(root, experiment, place.id) };
}

/** Finds one sweep by id, unique part of it, or path; `undefined` if there is none. */
export function tryFindSweep(root: string, name: string): string | undefined {
  if (existsSync(join(resolve(name), SWEEP_FILES.plan))) return resolve(name);
  const dirs = listSweepDirs(root);
  return matching(dirs, name).length === 0 ? undefined : pick(dirs, name, 'sweep', root);
}

/**
 * The directory of one sweep by id, unique part of it, or path; `last` is the newest.
 * @throws {ExpError} EXP_USAGE if there is none, or more than one.
 */
export function findSweep(root: string, name: string): string {
  return tryFindSweep(root, name) ?? pick(listSweepDirs(root), name, 'sweep', root);
}

function pick(dirs: readonly string[], name: string, what: string, root: string): string {
  const newest = dirs.at(-1);
  if (name === 'last' && newest !== undefined) return newest;
  const matches = matching(dirs, name);
  if (matches.length === 1) return matches[0]!;
  const ids = (matches.length > 0 ? matches : dirs.toReversed()).map((dir) => basename(dir));
  const problem =
    matches.length > 1
      ? `"${name}" fits ${matches.length} ${what}s, among them ${ids.slice(-3).join(', ')}. Name one.`
      : `No ${what} "${name}" under "${root}". ${suggest(name, ids)}`;
  throw new ExpError('EXP_USAGE', problem);
}

// The random end of an id is the part people can type, so any part may name it.
function matching(dirs: readonly string[], name: string): string[] {
  const exact = dirs.filter((dir) => basename(dir) === name);
  return exact.length > 0 ? exact : dirs.filter((dir) => basename(dir).includes(name));
}

function directories(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return (
    readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'sweeps')
      // neither an experiment nor a run has such a name; the source store has many directories
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) => entry.name)
  );
}

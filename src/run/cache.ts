import { join, resolve } from 'node:path';
import { cachedDir } from '../artifacts/cache.ts';
import { cacheDir } from '../core/layout.ts';
import { directoryOf } from '../project/find-project.ts';
import { loadProject } from '../project/load-project.ts';
import { tryCurrentScope } from '../scope/scope.ts';

/** Where a cache is. */
export interface CacheOptions {
  /** Its directory; `EXP_CACHE` or `.cache` in the run root unless given. */
  readonly dir?: string;
}

/**
 * A directory that is filled once and then shared by all runs, at the same time or later, in whichever
 * process: `const dir = await cache('mnist', (dir) => download(dir))`. The first one to ask fills it, the
 * others wait; it is there whole or not at all. What `fill` throws is passed on, and leaves nothing.
 *
 * A key stands for one content for ever: let it name the version as well.
 * @param fill puts files into the empty directory that it is given; what it returns is not kept.
 * @returns the absolute path of the directory, which is somewhere else by then. Do not write to it.
 * @throws {ExpError} EXP_FILE if the cache cannot be written, EXP_USAGE for an empty key.
 */
export async function cache(
  key: string,
  fill: (dir: string) => unknown,
  options: CacheOptions = {},
): Promise<string> {
  const from = directoryOf(new Error().stack);
  const given = options.dir ?? process.env['EXP_CACHE'];
  if (given !== undefined && given !== '') return cachedDir(resolve(given), key, fill);
  const run = tryCurrentScope()?.run;
  // The root of a ghost run goes with it; what is downloaded is nothing of the run.
  if (run !== undefined && !run.ghost)
    return cachedDir(cacheDir(join(run.dir, '../..')), key, fill);
  return cachedDir(cacheDir((await loadProject(from)).root), key, fill);
}

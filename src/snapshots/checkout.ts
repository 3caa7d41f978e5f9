import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LeftOut } from '../core/sources.ts';
import { fromBytes, shownPath } from './byte-path.ts';
import { git, tryGitText } from '../provenance/run-git.ts';
import { findRepository } from './repository.ts';

/** Where a commit is to come from. */
export interface CommitPlace {
  /** Absolute path of what git keeps: `.git`. */
  readonly gitDir: string;
  /** The working tree it belongs to, whose submodules may have repositories of their own. */
  readonly top?: string;
}

/** The repository around a directory if it holds a commit. */
export function holderOf(dir: string, commit: string): CommitPlace | undefined {
  if (!existsSync(dir)) return undefined;
  try {
    const place = findRepository(dir);
    return place !== undefined && holds(place.gitDir, commit) ? place : undefined;
  } catch {
    // a repository that git refuses to read holds nothing for us
    return undefined;
  }
}

/**
 * Writes the tree of a commit into an empty directory, submodules with their content. Nothing in the
 * repository changes.
 * @returns submodules whose content is nowhere to be had.
 */
export function checkOut({ gitDir, top }: CommitPlace, commit: string, target: string): LeftOut[] {
  mkdirSync(target, { recursive: true });
  const temporary = mkdtempSync(join(tmpdir(), 'exptools-index-'));
  try {
    const index = join(temporary, 'index');
    const env = { GIT_DIR: gitDir, GIT_WORK_TREE: target };
    // The tree as a whole, whatever part of it the user works with.
    git(target, ['-c', 'core.sparseCheckout=false', 'read-tree', '--reset', '-u', commit], {
      index,
      env,
    });
    const entries = fromBytes(git(target, ['ls-files', '-s', '-z'], { index, env })).split('\0');
    return entries.flatMap((entry) => {
      const [, id, path] = /^160000 (\w+) \d\t([^]*)$/.exec(entry) ?? [];
      if (id === undefined || path === undefined) return [];
      const shown = shownPath(path);
      const inner = join(target, shown);
      mkdirSync(inner, { recursive: true });
      const place = submodulePlace({ gitDir, ...(top !== undefined && { top }) }, shown, id);
      if (place === undefined) {
        const reason = `a submodule: no repository here has its commit ${id.slice(0, 10)}`;
        return [{ path: `${shown}/`, reason }];
      }
      const rest = checkOut(place, id, inner);
      return rest.map((one) => ({ ...one, path: `${shown}/${one.path}` }));
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function submodulePlace(
  { gitDir, top }: CommitPlace,
  path: string,
  commit: string,
): CommitPlace | undefined {
  const own = top === undefined ? undefined : join(top, path);
  if (own !== undefined && existsSync(join(own, '.git'))) {
    const place = holderOf(own, commit);
    if (place !== undefined) return place;
  }
  // A submodule that is not checked out at the moment may have been once.
  const kept = join(gitDir, 'modules', path);
  return existsSync(kept) && holds(kept, commit) ? { gitDir: kept } : undefined;
}

function holds(gitDir: string, commit: string): boolean {
  const env = { GIT_DIR: gitDir };
  return tryGitText(gitDir, ['cat-file', '-e', `${commit}^{tree}`], { env }) !== undefined;
}

/** The text of a file in a commit; `undefined` where it is not there, or no text. */
export function fileIn({ gitDir }: CommitPlace, commit: string, path: string): string | undefined {
  const env = { GIT_DIR: gitDir };
  try {
    const content = git(gitDir, ['cat-file', 'blob', `${commit}:${path}`], { env });
    return content.includes(0) ? undefined : content.toString();
  } catch {
    return undefined;
  }
}

/** The difference between two commits as a patch; empty where their trees are equal. */
export function patchOf(
  { gitDir, top }: CommitPlace,
  [from, to]: readonly [string, string],
  { isColored = false }: { readonly isColored?: boolean } = {},
): string {
  const flags = ['--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];
  // A patch that is to be applied holds binary files; people would rather not see them.
  const form = isColored ? ['--color=always'] : ['--color=never', '--binary'];
  return git(top ?? gitDir, ['diff', ...flags, ...form, '--submodule=short', from, to, '--'], {
    env: { GIT_DIR: gitDir },
  }).toString();
}

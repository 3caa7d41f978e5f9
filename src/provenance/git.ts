import { execFileSync } from 'node:child_process';
import { isAbsolute, relative } from 'node:path';
import type { GitState } from '../core/run-spec.ts';

const states = new Map<string, GitState | undefined>();

/**
 * The commit the working tree at `dir` stands on; `undefined` outside git, or without git. Read once a
 * process, for that is how often its code is loaded.
 * @param runRoot left out of account: runs must not make the code they come from dirty.
 */
export function readGitState(dir: string, runRoot: string): GitState | undefined {
  const key = JSON.stringify([dir, runRoot]);
  if (!states.has(key)) states.set(key, read(dir, runRoot));
  return states.get(key);
}

function read(dir: string, runRoot: string): GitState | undefined {
  const commit = git(dir, 'rev-parse', 'HEAD');
  if (commit === undefined) return undefined;
  const branch = git(dir, 'symbolic-ref', '--short', '-q', 'HEAD');
  const top = git(dir, 'rev-parse', '--show-toplevel') ?? dir;
  const inside = relative(top, runRoot);
  const isOutside = inside === '' || inside.startsWith('..') || isAbsolute(inside);
  const except = isOutside ? [] : [`:(top,exclude)${inside}`];
  const changes = git(
    dir,
    'status',
    '--porcelain',
    '--untracked-files=normal',
    '--',
    ':/',
    ...except,
  );
  return { commit, ...(branch !== undefined && { branch }), dirty: changes !== '' };
}

function git(dir: string, ...args: string[]): string | undefined {
  try {
    // Reading must not take the index lock away from a git command of the user's.
    return execFileSync('git', ['--no-optional-locks', ...args], {
      cwd: dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    // no git, no repository, or no commit yet: then there is no state to record
    return undefined;
  }
}

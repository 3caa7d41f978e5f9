import { execFileSync } from 'node:child_process';
import type { GitState } from '../core/run-spec.ts';

/** The commit the working tree at `dir` stands on; `undefined` outside git, or without git. */
export function readGitState(dir: string): GitState | undefined {
  const commit = git(dir, 'rev-parse', 'HEAD');
  if (commit === undefined) return undefined;
  const branch = git(dir, 'symbolic-ref', '--short', '-q', 'HEAD');
  const changes = git(dir, 'status', '--porcelain', '--untracked-files=normal');
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

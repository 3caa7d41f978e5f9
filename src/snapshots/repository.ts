import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { git, GitError } from './git.ts';

/** A repository with a working tree. */
export interface Repository {
  /** Absolute path of the working tree. */
  readonly top: string;
  /** Absolute path of what git keeps for this working tree: `.git`, or a part of another one. */
  readonly gitDir: string;
  /** How many digits the names of objects have. */
  readonly idLength: number;
}

/**
 * The repository around a directory; `undefined` where there is none, no working tree, or no git.
 * @throws {GitError} where git refuses to say: it trusts no repository of somebody else's.
 */
export function findRepository(dir: string): Repository | undefined {
  try {
    const said = git(dir, ['rev-parse', ...ASKED])
      .toString()
      .split('\n');
    const [isInside, format, gitDir, top] = said;
    if (isInside !== 'true' || gitDir === undefined || top === undefined) return undefined;
    return { top: realpathSync(top), gitDir, idLength: format === 'sha256' ? 64 : 40 };
  } catch (error) {
    if (!(error instanceof GitError)) return undefined;
    const isNone = /not a git repository|must be run in a work tree/i.test(error.stderr);
    if (error.isMissing || isNone) return undefined;
    throw error;
  }
}

const GIT_MISSING = 'git is not installed, or not in PATH';

/** Why no repository is found around a directory, for people; `undefined` where it may just be none. */
export function whyNoGit(dir: string): string | undefined {
  try {
    git(dir, ['--version']);
    return undefined;
  } catch (error) {
    return error instanceof GitError && error.isMissing ? GIT_MISSING : undefined;
  }
}

/** True where a directory, or one around it, has a `.git`, whether or not there is a git to ask. */
export function hasGitDir(dir: string): boolean {
  if (existsSync(join(dir, '.git'))) return true;
  const parent = dirname(dir);
  return parent !== dir && hasGitDir(parent);
}

const ASKED: readonly string[] = [
  '--is-inside-work-tree',
  '--show-object-format',
  '--absolute-git-dir',
  '--show-toplevel',
];

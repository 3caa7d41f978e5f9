import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { git, GitError, gitText } from '../provenance/run-git.ts';

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
    const [isInside, format, up, ...rest] = gitText(dir, ['rev-parse', ...ASKED]).split('\n');
    if (isInside !== 'true' || up === undefined) return undefined;
    return {
      top: resolve(realpathSync(dir), up),
      gitDir: rest.join('\n'),
      idLength: format === 'sha256' ? 64 : 40,
    };
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
  // The way up, not the path: a path may hold line breaks, so that only one of them can be asked for.
  '--show-cdup',
  '--absolute-git-dir',
];

import { relative } from 'node:path';
import type { GitState } from '../core/run-spec.ts';
import { tryGitText } from './run-git.ts';

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
  const inside = relative(dir, runRoot);
  // A run root outside of the repository is no pathspec git takes, and needs none.
  const status =
    (inside === '' ? undefined : readStatus(dir, `:(exclude,literal)${inside}`)) ?? readStatus(dir);
  const commit = /^# branch\.oid ([0-9a-f]+)$/m.exec(status ?? '')?.[1];
  if (status === undefined || commit === undefined) return undefined;
  const branch = /^# branch\.head ([^(\n].*)$/m.exec(status)?.[1];
  return { commit, ...(branch !== undefined && { branch }), dirty: /^[^#]/m.test(status) };
}

/** What `git status` says of the whole tree, in its format for programs; `undefined` outside of git. */
function readStatus(dir: string, ...except: string[]): string | undefined {
  const status = ['status', '--porcelain=v2', '--branch', '--untracked-files=normal'];
  return tryGitText(dir, [...status, '--', ':/', ...except]);
}

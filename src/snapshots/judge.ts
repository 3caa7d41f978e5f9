import { accessSync, constants, lstatSync, type Stats } from 'node:fs';
import { relative, sep } from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { LeftOut } from '../core/sources.ts';
import { judgeNames, type SourceRules } from '../provenance/choose-sources.ts';
import { pathUnder, shownPath } from './byte-path.ts';
import type { Change } from './status.ts';

/** What a snapshot takes of a working tree. */
export interface SnapshotRules extends SourceRules {
  /** Absolute path of the project, which patterns are relative to. */
  readonly project: string;
  /** Absolute paths of directories that are left out without a word: run roots. */
  readonly except: readonly string[];
  /** More files that are new or changed are no code: there is no snapshot then. Default 20 000. */
  readonly maxFiles?: number;
}

/** What becomes of a changed path. */
export type Verdict =
  /** With the bytes to read, where the file is no part of the index as it is. */
  | { readonly what: 'take'; readonly bytes?: number }
  | { readonly what: 'remove' }
  /** It is a repository of its own, whose commit is referred to. */
  | { readonly what: 'submodule' }
  /** It lies in a run root, which is no part of the code. */
  | { readonly what: 'skip' }
  | { readonly what: 'leave'; readonly left: LeftOut };

/** Decides which changes of a working tree become part of its snapshot. */
export function judgeChanges(top: string, rules: SnapshotRules): (change: Change) => Verdict {
  const except = rules.except.map((dir) => inside(top, dir)).filter((dir) => dir !== undefined);
  const project = inside(top, rules.project);
  const byPatterns = judgeNames(rules.ignore);
  const byName = judgeNames([]);
  const nameProblem = (path: string): LeftOut | undefined => {
    const own = project === undefined || !path.startsWith(project) ? undefined : project;
    if (own === undefined) return byName(path);
    const left = byPatterns(path.slice(own.length));
    return left === undefined ? undefined : { ...left, path: own + left.path };
  };
  return (change) => {
    const path = shownPath(change.path);
    if (except.some((dir) => path.startsWith(dir))) return { what: 'skip' };
    const left = (reason: string, more: Partial<LeftOut> = {}): Verdict => ({
      what: 'leave',
      left: { path, reason, ...more },
    });
    const packages = /^(?:.*?\/)?node_modules\//.exec(path)?.[0];
    if (change.kind === 'untracked' && packages !== undefined) {
      return left('installed packages', { path: packages });
    }
    if (change.unstaged === 'D') return { what: 'remove' };
    const named = nameProblem(path);
    if (named !== undefined) return { what: 'leave', left: named };
    // What is in the index is kept by git already, whatever its size.
    if (change.unstaged === '.' && change.kind !== 'conflict') return { what: 'take' };
    return judgeFile(top, change, rules.maxFileSize, left);
  };
}

function judgeFile(
  top: string,
  { path, isSubmodule }: Change,
  maxFileSize: number,
  left: (reason: string, more?: Partial<LeftOut>) => Verdict,
): Verdict {
  const file = pathUnder(top, path);
  let stats: Stats | undefined;
  try {
    stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return { what: 'remove' };
    if (stats.isSymbolicLink()) return { what: 'take' };
    // Git names a repository inside of another one by its directory.
    if (stats.isDirectory()) {
      return isSubmodule ? { what: 'submodule' } : left('another git repository');
    }
    if (!stats.isFile()) return left('not a regular file');
    if (stats.size > maxFileSize) {
      return left(`larger than ${maxFileSize} bytes`, { bytes: stats.size });
    }
    accessSync(file, constants.R_OK);
    return { what: 'take', bytes: stats.size };
  } catch (error) {
    return left(`cannot be read: ${messageOf(error)}`);
  }
}

/** A directory as the start of paths in `top`; `undefined` if it lies elsewhere. */
export function inside(top: string, dir: string): string | undefined {
  const way = relative(top, dir);
  if (way === '') return '';
  return way.split(sep)[0] === '..' ? undefined : `${way.split(sep).join('/')}/`;
}

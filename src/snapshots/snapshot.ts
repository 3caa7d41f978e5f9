import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { GitState, SubmoduleState } from '../core/run-spec.ts';
import type { LeftOut } from '../core/sources.ts';
import { fromBytes, shownPath, toBytes } from './byte-path.ts';
import { git, gitText } from '../provenance/run-git.ts';
import { inside, judgeChanges, type SnapshotRules } from './judge.ts';
import { lookEverywhere, withPrivateIndex } from './private-index.ts';
import { findRepository, hasGitDir, whyNoGit, type Repository } from './repository.ts';
import { parseStatus, STATUS, type Change, type WorkingTree } from './status.ts';

const MOST_LISTED = 100;

/**
 * Makes a commit of the working tree around a directory as it is: staged, unstaged, deleted and new
 * files that git does not ignore, submodules with theirs. Nothing that the user sees of the repository
 * changes; the commit is on no branch, and equal trees on equal commits make equal ones.
 *
 * It never throws: what went wrong is in the state. `undefined` outside of git.
 */
export function takeSnapshot(dir: string, rules: SnapshotRules): GitState | undefined {
  try {
    const repository = findRepository(dir);
    if (repository !== undefined) return stateOf(repository, withRealPaths(rules));
    const error = hasGitDir(dir) ? whyNoGit(dir) : undefined;
    return error === undefined ? undefined : { dirty: false, error };
  } catch (error) {
    return { dirty: false, error: messageOf(error) };
  }
}

function stateOf(repository: Repository, { except, ...given }: SnapshotRules): GitState {
  const { top } = repository;
  // Without such a run root nothing of the project would be left.
  const holder = except.find(
    (dir) => inside(top, dir) !== undefined && inside(dir, given.project) !== undefined,
  );
  const rules = { ...given, except: except.filter((dir) => dir !== holder) };
  return withPrivateIndex(repository, (index) => {
    lookEverywhere(repository, index);
    const seen = parseStatus(git(top, [...STATUS, '--', ...pathspecs(top, rules)], { index }));
    const judge = judgeChanges(top, rules);
    const judged = seen.changes.map((change) => ({ change, verdict: judge(change) }));
    const { commit, branch } = seen;
    const state: GitState = {
      ...(commit !== undefined && { commit }),
      ...(branch !== undefined && { branch }),
      dirty: judged.some(({ verdict }) => verdict.what !== 'skip'),
      top,
    };
    if (!state.dirty && commit !== undefined) return { ...state, snapshot: commit };
    try {
      if (holder !== undefined) {
        throw new Error(
          `the run root "${holder}" holds the project itself. Give runs a folder of theirs.`,
        );
      }
      checkAmount(judged, rules.maxFiles);
      return { ...state, ...commitOf({ repository, index, rules, seen }, judged) };
    } catch (error) {
      return { ...state, error: messageOf(error) };
    }
  });
}

/** A repository that is to be snapshot. */
interface Work {
  readonly repository: Repository;
  readonly index: string;
  readonly rules: SnapshotRules;
  readonly seen: WorkingTree;
}

type Judged = {
  readonly change: Change;
  readonly verdict: ReturnType<ReturnType<typeof judgeChanges>>;
};

function commitOf(work: Work, judged: readonly Judged[]): Partial<GitState> {
  const { index, rules, seen } = work;
  const { top, idLength } = work.repository;
  const noId = '0'.repeat(idLength);
  const leftOut = new Map<string, LeftOut>();
  const submodules: SubmoduleState[] = [];
  const entries: string[] = [];
  const contents: string[] = [];
  for (const { change, verdict } of judged) {
    const { path } = change;
    if (verdict.what === 'remove') entries.push(`0 ${noId}\t${path}\0`);
    else if (verdict.what === 'skip') entries.push(...reset(change, noId));
    else if (verdict.what === 'submodule') {
      const inner = takeSnapshot(join(top, shownPath(path)), rules);
      for (const left of inner?.leftOut ?? []) {
        const at = `${shownPath(path)}/${left.path}`;
        leftOut.set(at, { ...left, path: at });
      }
      if (inner?.snapshot === undefined || inner.top === top) {
        const reason = `a submodule: ${inner?.error ?? 'its repository is not there'}`;
        leftOut.set(path, { path: `${shownPath(path)}/`, reason });
        continue;
      }
      entries.push(`160000 ${inner.snapshot}\t${path}\0`);
      submodules.push({ path: shownPath(path), commit: inner.snapshot });
      for (const one of inner.submodules ?? []) {
        submodules.push({ ...one, path: `${shownPath(path)}/${one.path}` });
      }
    } else if (verdict.what === 'leave') {
      leftOut.set(verdict.left.path, verdict.left);
      if (change.kind !== 'untracked') entries.push(...reset(change, noId));
    } else if (change.unstaged !== '.' || change.kind === 'conflict') contents.push(`${path}\0`);
  }
  update(top, index, ['--index-info'], entries);
  update(top, index, ['--add', '--remove', '--replace', '--stdin'], contents);
  const tree = gitText(top, ['write-tree'], { index });
  const snapshot = commitTree(top, tree, seen.commit === undefined ? [] : [seen.commit]);
  const listed = [...leftOut.values()];
  return {
    snapshot,
    ...(submodules.length > 0 && { submodules }),
    ...(listed.length > 0 && { leftOut: listed.slice(0, MOST_LISTED) }),
    ...(listed.length > MOST_LISTED && { leftOutCount: listed.length }),
  };
}

/** More than this is no code: somebody has forgotten to ignore data, or keeps a home under git. */
const MOST_FILES = 20_000;
const MOST_BYTES = 1e9;

function checkAmount(judged: readonly Judged[], most = MOST_FILES): void {
  const sizes = judged.flatMap(({ verdict }) => ('bytes' in verdict ? [verdict.bytes ?? 0] : []));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.length <= most && bytes <= MOST_BYTES) return;
  throw new Error(
    `${sizes.length} files of ${Math.round(bytes / 1e6)} MB are new or changed, which is no code. ` +
      'Name data in .gitignore, or in sources.ignore of the project file; snapshot: false is for none.',
  );
}

const NO_MODE = '000000';

/** Entries of the index that make a path what it is in HEAD. */
function reset({ path, kind, head }: Change, noId: string): string[] {
  if (kind === 'untracked') return [];
  const gone = `0 ${noId}\t${path}\0`;
  return head.mode === NO_MODE ? [gone] : [gone, `${head.mode} ${head.id}\t${path}\0`];
}

function update(
  top: string,
  index: string,
  how: readonly string[],
  lines: readonly string[],
): void {
  if (lines.length === 0) return;
  git(top, ['update-index', '-z', ...how], { index, input: toBytes(lines.join('')) });
}

/**
 * The same code by a commit from which an earlier snapshot can be reached as well, so that whatever
 * keeps the one keeps both; the state as it is where that one is gone, or in another repository.
 */
export function joinSnapshots(state: GitState, earlier: GitState | undefined): GitState {
  const { top, commit, snapshot } = state;
  if (top === undefined || snapshot === undefined) return state;
  if (earlier?.snapshot === undefined || earlier.snapshot === snapshot) return state;
  try {
    const tree = gitText(top, ['rev-parse', '--verify', `${snapshot}^{tree}`]);
    const other = gitText(top, ['rev-parse', '--verify', `${earlier.snapshot}^{commit}`]);
    const same = gitText(top, ['rev-parse', `${other}^{tree}`]) === tree;
    if (same) return { ...state, snapshot: other };
    const parents = [...(commit === undefined ? [] : [commit]), other];
    return { ...state, snapshot: commitTree(top, tree, parents) };
  } catch {
    return state;
  }
}

/** The commit of a tree on top of others; where there is one of them that has the same tree, that. */
function commitTree(top: string, tree: string, parents: readonly string[]): string {
  const [parent] = parents;
  let date = '0';
  if (parent !== undefined) {
    const text = fromBytes(git(top, ['cat-file', 'commit', parent]));
    if (parents.length === 1 && text.startsWith(`tree ${tree}\n`)) return parent;
    // A date of now would make a different commit at every start.
    date = /^committer .*> (\d+) [+-]\d+$/m.exec(text)?.[1] ?? date;
  }
  const who = `exptools <exptools@localhost> ${date} +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((id) => `parent ${id}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    'The working tree as it was when a run was planned',
    '',
  ];
  return gitText(top, ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    input: lines.join('\n'),
  });
}

/** The whole tree but for run roots: git need not look at what lies there. */
function pathspecs(top: string, { except }: SnapshotRules): string[] {
  const roots = except.map((dir) => inside(top, dir)).filter((path) => path !== undefined);
  return [':/', ...roots.map((path) => `:(top,exclude,literal)${path.slice(0, -1)}`)];
}

/** Git names directories by their real paths. */
function withRealPaths(rules: SnapshotRules): SnapshotRules {
  return { ...rules, project: real(rules.project), except: rules.except.map(real) };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there yet: its parent may be.
    const parent = dirname(path);
    return parent === path ? path : join(real(parent), basename(path));
  }
}

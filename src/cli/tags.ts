import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { ExpError, suggest } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { runDir, RUN_FILES } from '../core/layout.ts';
import type { ShownStatus } from '../core/status.ts';
import {
  commitStart,
  isOfCommit,
  listTags,
  taggedRuns,
  type TaggedRun,
} from '../snapshots/list-tags.ts';
import { deleteRefs, RUN_REFS, TAG_REFS } from '../snapshots/refs.ts';
import { findRepository, whyNoGit } from '../snapshots/repository.ts';
import { pullTags, pushAllTags } from '../snapshots/share-tags.ts';
import type { TagRecord } from '../snapshots/tag-record.ts';
import { StoredRun } from '../store/stored-run.ts';
import { counted, numberText, statusText, table } from './format.ts';

/** The flags of `run-exp tags`. */
export interface TagsFlags {
  readonly root: string;
  readonly commit?: string;
  readonly withResults?: boolean;
  readonly json?: boolean;
}

/** Lists the runs that the repository around the current directory has tags of. */
export function showTags({ root, commit, withResults = false, json = false }: TagsFlags): void {
  const dir = repositoryHere();
  const start = commit === undefined ? undefined : commitStart(dir, commit);
  if (commit !== undefined && start === undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `"${commit}" is no commit of this repository, nor the start of one.`,
    );
  }
  const found = taggedRuns(listTags(dir))
    .filter((run) => start === undefined || isOfCommit(run, start))
    .filter(({ record }) => !withResults || record?.results !== undefined);
  const isFiltered = start !== undefined || withResults;
  process.stdout.write(json ? asJson(found, root) : asText(found, root, isFiltered));
}

function asJson(found: readonly TaggedRun[], root: string): string {
  const all = found.map(({ record, commit, refs }) => ({
    ...(record === undefined
      ? { commit, error: NO_RECORD }
      : { ...record, status: statusOf(record, root) }),
    refs: refs.map(({ ref }) => ref),
  }));
  return jsonText(all);
}

const NO_RECORD = 'no record of a run';

/** Digits of a commit, as git shows it. */
const SHORT = 7;

function asText(found: readonly TaggedRun[], root: string, isFiltered: boolean): string {
  if (found.length === 0) return isFiltered ? 'No tags of such runs.\n' : 'No tags of runs.\n';
  const rows = found.map(({ record, commit = '', refs }) => {
    const tag = refs.find(({ ref }) => ref.startsWith(TAG_REFS));
    const name = tag?.ref.slice(TAG_REFS.length) ?? '';
    if (record === undefined) {
      const ref = refs[0]!.ref.replace(/^refs\/(tags\/)?/, '');
      return [ref, '', pc.yellow(NO_RECORD), commit.slice(0, SHORT), '', '', ''];
    }
    const { run, experiment, parent = '', results } = record;
    const status = statusText(statusOf(record, root));
    const own = record.commit === parent ? '' : record.commit.slice(0, SHORT);
    const place = [status, parent.slice(0, SHORT), own];
    return [run.slice(-6), experiment, ...place, resultsText(results), name];
  });
  const head = [
    'run',
    'experiment',
    'status',
    'commit',
    'snapshot',
    'results',
    'tag experiments/…',
  ];
  const used = head.map((_, i) => i < 4 || rows.some((row) => row[i] !== ''));
  const kept = (row: readonly string[]): string[] => row.filter((_, i) => used[i]);
  return `${table(kept(head), rows.map(kept))}\n`;
}

function resultsText(results: TagRecord['results']): string {
  if (results === undefined) return '';
  const isObject = typeof results === 'object' && results !== null && !Array.isArray(results);
  if (!isObject) return numberText(results);
  return Object.entries(results)
    .map(([key, value]) => `${key}=${numberText(value)}`)
    .join(' ');
}

/** What the run itself says by now, where the tag has no end and the run lies here. */
function statusOf({ status, experiment, run }: TagRecord, root: string): ShownStatus {
  const dir = runDir(root, experiment, run);
  if (status !== 'running' || !existsSync(join(dir, RUN_FILES.manifest))) return status;
  try {
    return new StoredRun(dir).status;
  } catch {
    // damaged: the tag is all there is
    return 'running';
  }
}

/** Brings tags to or from a remote, and says which. */
export function exchangeTags(how: 'push' | 'pull', remote: string): void {
  const dir = repositoryHere();
  const { moved, kept } = (how === 'push' ? pushAllTags : pullTags)(dir, remote);
  const text = `${how === 'push' ? 'pushed' : 'pulled'}  ${counted(moved.length, 'ref')}`;
  process.stdout.write(`${text} ${how === 'push' ? 'to' : 'from'} ${remote}\n`);
  for (const ref of kept) {
    const where = how === 'push' ? 'there' : 'here';
    process.stderr.write(`${pc.yellow('kept')}  ${ref}: ${where} is a newer one, or another\n`);
  }
}

/**
 * Removes tags: all those of a run, or one by its name.
 * @throws {ExpError} EXP_USAGE if there is none of such a name, or more than one run; then nothing is removed.
 */
export function removeTags(names: readonly string[]): void {
  const dir = repositoryHere();
  const runs = taggedRuns(listTags(dir));
  const refs = [...new Set(names.flatMap((name) => refsNamed(runs, name)))];
  deleteRefs(dir, refs);
  for (const ref of refs) process.stdout.write(`removed  ${ref}\n`);
}

function refsNamed(runs: readonly TaggedRun[], name: string): string[] {
  const all = runs.flatMap(({ refs }) => refs.map(({ ref }) => ref));
  const exact = [name, `refs/${name}`, `refs/tags/${name}`, `${TAG_REFS}${name}`];
  const ref = exact.find((one) => all.includes(one));
  // A run's own ref stands for the run.
  if (ref !== undefined && !ref.startsWith(RUN_REFS)) return [ref];
  const run = runNamed(runs, name.replace(/^(refs\/)?exptools\/runs\//, ''));
  if (run !== undefined) return run.refs.map((one) => one.ref);
  const known = runs.flatMap(({ record }) => record?.run ?? []);
  throw new ExpError(
    'EXP_USAGE',
    `No run or tag "${name}" here. ${suggest(name, known.toReversed())}`,
  );
}

/**
 * The tagged run that an id names, a unique part of one, or a tag.
 * @throws {ExpError} EXP_USAGE for more than one.
 */
export function runNamed(runs: readonly TaggedRun[], name: string): TaggedRun | undefined {
  const tags = [name, `refs/${name}`, `refs/tags/${name}`, `${TAG_REFS}${name}`, RUN_REFS + name];
  const exact = runs.find(
    ({ record, refs }) => record?.run === name || refs.some(({ ref }) => tags.includes(ref)),
  );
  if (exact !== undefined) return exact;
  const fitting = runs.filter(({ record }) => record?.run.includes(name) === true);
  if (fitting.length < 2) return fitting[0];
  const some = fitting.slice(-3).map(({ record }) => record!.run);
  throw new ExpError(
    'EXP_USAGE',
    `"${name}" fits ${fitting.length} tagged runs, among them ${some.join(', ')}. Name one.`,
  );
}

function repositoryHere(): string {
  const repository = findRepository(process.cwd());
  if (repository !== undefined) return repository.top;
  const here = process.cwd();
  const why = whyNoGit(here);
  throw new ExpError(
    'EXP_USAGE',
    why === undefined
      ? `There is no git repository around "${here}". Go into one whose runs you mean.`
      : `Tags of runs are read by git, and ${why}.`,
  );
}

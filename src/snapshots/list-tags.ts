import { git, tryGitText } from '../provenance/run-git.ts';
import { RUN_REFS, TAG_REFS } from './refs.ts';
import { parseTagMessage, type TagRecord } from './tag-record.ts';

/** A ref where tags of runs live, with what it says. */
export interface ListedTag {
  /** In full: `refs/tags/experiments/digits@20260131-142501`. */
  readonly ref: string;
  /** The object it names. */
  readonly id: string;
  /** The commit it stands for in the end, where it does. */
  readonly commit?: string;
  /** Absent for what somebody else has put there, or what is damaged. */
  readonly record?: TagRecord;
}

/** All tags of runs in a repository, by ref. */
export function listTags(dir: string, refs: readonly string[] = [RUN_REFS, TAG_REFS]): ListedTag[] {
  const parts = git(dir, ['for-each-ref', `--format=${FORMAT}`, ...refs])
    .toString()
    .split('\0');
  const tags: ListedTag[] = [];
  for (let at = 0; at + FIELDS <= parts.length; at += FIELDS) {
    const [ref = '', id = '', type, target, targetType, message = ''] = parts.slice(
      at,
      at + FIELDS,
    );
    const commit = type === 'commit' ? id : targetType === 'commit' ? target : undefined;
    const record = type === 'tag' ? parseTagMessage(message) : undefined;
    tags.push({
      ref: ref.replace(/^\n/, ''),
      id,
      ...(commit !== undefined && { commit }),
      ...(record !== undefined && { record }),
    });
  }
  return tags;
}

const FORMAT = [
  '%(refname)',
  '%(objectname)',
  '%(objecttype)',
  '%(*objectname)',
  '%(*objecttype)',
  '%(contents)',
  '',
].join('%00');
const FIELDS = 6;

/** The tags of one run, or one ref that belongs to none. */
export interface TaggedRun {
  readonly refs: readonly ListedTag[];
  readonly record?: TagRecord;
  readonly commit?: string;
}

/** Tags by run, oldest first; what is no record of a run comes last, each by itself. */
export function taggedRuns(tags: readonly ListedTag[]): TaggedRun[] {
  const runs = new Map<string, ListedTag[]>();
  for (const tag of tags) {
    const key = tag.record === undefined ? tag.ref : `run ${tag.record.run}`;
    runs.set(key, [...(runs.get(key) ?? []), tag]);
  }
  const all = [...runs.values()].map((refs): TaggedRun => {
    const [first] = [...refs].sort((a, b) => (isNewer(a.record, b.record) ? -1 : 1));
    return { ...first, refs };
  });
  const order = ({ record, refs }: TaggedRun): string => record?.run ?? `~${refs[0]!.ref}`;
  return all.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** True if a record of a run was written after another one of the same run. */
export function isNewer(one: TagRecord | undefined, other: TagRecord | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return lastWord(one) > lastWord(other);
}

function lastWord({ started = '', ended = '' }: TagRecord): string {
  return ended > started ? ended : started;
}

/** True for the commit that holds the run's code, or the one that the user saw. */
export function isOfCommit({ record, commit }: TaggedRun, start: string): boolean {
  return [commit, record?.commit, record?.parent].some((one) => one?.startsWith(start) === true);
}

/** What names a commit as the start of its id: the whole id where git knows it. */
export function commitStart(dir: string, text: string): string | undefined {
  const id = tryGitText(dir, ['rev-parse', '--verify', '--quiet', `${text}^{commit}`]);
  if (id !== undefined && id !== '') return id;
  return /^[0-9a-f]{4,64}$/i.test(text) ? text.toLowerCase() : undefined;
}

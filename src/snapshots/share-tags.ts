import { randomBytes } from 'node:crypto';
import { ExpError, messageOf } from '../core/errors.ts';
import { git } from '../provenance/run-git.ts';
import { isNewer, listTags, type ListedTag } from './list-tags.ts';
import { deleteRefs, RUN_REFS, swapRef, TAG_REFS } from './refs.ts';

const LIMIT_MS = 600_000;
const REFS_A_PUSH = 100;

/** What became of tags that were exchanged with a remote, as refs. */
export interface Exchanged {
  readonly moved: readonly string[];
  /** Refs that name something else on the other side, and stay as they are. */
  readonly kept: readonly string[];
}

/**
 * Brings tags of runs from a remote. One that says less than ours of the same run changes nothing, and
 * no tag of another run is replaced.
 * @throws {ExpError} EXP_USAGE if the remote cannot be reached.
 */
export function pullTags(dir: string, remote: string): Exchanged {
  return withIncoming(dir, remote, (incoming) => {
    const ours = byRef(listTags(dir));
    const moved: string[] = [];
    const kept: string[] = [];
    for (const [ref, tag] of incoming) {
      const mine = ours.get(ref);
      if (mine?.id === tag.id) continue;
      const isWanted = mine === undefined || replaces(tag, mine);
      if (isWanted && swapRef(dir, ref, tag.id, mine?.id ?? '')) moved.push(ref);
      else kept.push(ref);
    }
    return { moved, kept };
  });
}

/**
 * Brings all tags of runs to a remote, but for those of which it has newer ones.
 * @throws {ExpError} EXP_USAGE if the remote cannot be reached.
 */
export function pushAllTags(dir: string, remote: string): Exchanged {
  return withIncoming(dir, remote, (incoming) => {
    const moved: string[] = [];
    const kept: string[] = [];
    const words: string[][] = [];
    for (const [ref, tag] of byRef(listTags(dir))) {
      const theirs = incoming.get(ref);
      if (theirs?.id === tag.id || tag.record === undefined) continue;
      if (theirs !== undefined && !replaces(tag, theirs)) {
        kept.push(ref);
        continue;
      }
      // Should somebody have pushed another one by now, theirs stays.
      words.push([`--force-with-lease=${ref}:${theirs?.id ?? ''}`, `${tag.id}:${ref}`]);
      moved.push(ref);
    }
    for (let at = 0; at < words.length; at += REFS_A_PUSH) {
      const some = words.slice(at, at + REFS_A_PUSH);
      const flags = ['--quiet', '--no-verify', '--recurse-submodules=no'];
      const [leases, refs] = [0, 1].map((part) => some.map((pair) => pair[part]!));
      reach(remote, () =>
        git(dir, ['push', ...flags, ...leases!, '--', remote, ...refs!], { timeout: LIMIT_MS }),
      );
    }
    return { moved, kept };
  });
}

function replaces(tag: ListedTag, other: ListedTag): boolean {
  return tag.record?.run === other.record?.run && isNewer(tag.record, other.record);
}

function byRef(tags: readonly ListedTag[]): Map<string, ListedTag> {
  return new Map(tags.map((tag) => [tag.ref, tag]));
}

/** Works with the tags of a remote, by their refs there. They are here as long as that takes. */
function withIncoming<T>(
  dir: string,
  remote: string,
  work: (incoming: ReadonlyMap<string, ListedTag>) => T,
): T {
  const space = `refs/exptools/incoming/${randomBytes(6).toString('hex')}/`;
  const places = [
    [RUN_REFS, `${space}runs/`],
    [TAG_REFS, `${space}tags/`],
  ] as const;
  const flags = ['--quiet', '--no-tags', '--no-prune', '--no-write-fetch-head', '--refmap='];
  const refs = places.map(([theirs, here]) => `+${theirs}*:${here}*`);
  try {
    reach(remote, () =>
      git(dir, ['fetch', ...flags, '--recurse-submodules=no', '--', remote, ...refs], {
        timeout: LIMIT_MS,
      }),
    );
    const incoming = places.flatMap(([theirs, here]) =>
      listTags(dir, [here]).map((tag) => ({ ...tag, ref: theirs + tag.ref.slice(here.length) })),
    );
    return work(byRef(incoming));
  } finally {
    deleteRefs(
      dir,
      listTags(dir, [space]).map(({ ref }) => ref),
    );
  }
}

function reach(remote: string, exchange: () => unknown): void {
  try {
    exchange();
  } catch (error) {
    throw new ExpError(
      'EXP_USAGE',
      `Cannot exchange tags with the remote "${remote}": ${messageOf(error)}. ` +
        'See git remote -v, and name one: run-exp tags push REMOTE.',
      { cause: error },
    );
  }
}

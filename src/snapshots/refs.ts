import { ExpError } from '../core/errors.ts';
import { git, GitError, gitText } from '../provenance/run-git.ts';

/** Where the tag of every run lives; `git tag` does not list what is here. */
export const RUN_REFS = 'refs/exptools/runs/';
/** Where the tags live that `git tag` lists. */
export const TAG_REFS = 'refs/tags/experiments/';
/** Where a submodule keeps what a run needs of it. */
const SUBMODULE_REFS = 'refs/exptools/submodules/';

/** The ref of a run. */
export function runRef(runId: string): string {
  return `${RUN_REFS}${refPart(runId)}`;
}

/** The ref in a submodule's repository that keeps the submodule's part of a run. */
export function submoduleRef(runId: string): string {
  return `${SUBMODULE_REFS}${refPart(runId)}`;
}

/** The ref of a tag for people: `experiments/<name>@<time>`, to the second, UTC. */
export function namedRef(name: string, time: Date): string {
  const stamp = time.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return `${TAG_REFS}${refPart(name)}@${stamp}`;
}

const MAX_BYTES = 200;

/** A text as a part of a ref: what git does not take there becomes a dash. */
export function refPart(text: string): string {
  const taken = text
    .replace(/[\p{Cc} ~^:?*[\]\\/]+/gu, '-')
    .replace(/@\{/g, '@-')
    .replace(/\.(?=\.)/g, '-');
  // File systems take 255 bytes, and a time may follow; half a character would be no UTF-8.
  const part = Buffer.from(taken)
    .subarray(0, MAX_BYTES)
    .toString()
    .replace(/\uFFFD$/, '')
    .replace(/^[.-]+|\.+$/g, '')
    .replace(/\.lock$/, '-lock');
  return part === '' ? 'unnamed' : part;
}

/** Makes a tag object. @returns its id. */
export function makeTag(dir: string, name: string, target: string, message: string): string {
  const lines = [
    `object ${target}`,
    'type commit',
    `tag ${name}`,
    `tagger exptools <exptools@localhost> ${Math.floor(Date.now() / 1000)} +0000`,
    '',
    message,
  ];
  return gitText(dir, ['hash-object', '-t', 'tag', '-w', '--stdin'], { input: lines.join('\n') });
}

/** The objects that refs name now; those that are not there are left out. */
export function readRefs(dir: string, refs: readonly string[]): Map<string, string> {
  const lines = gitText(dir, ['for-each-ref', '--format=%(refname) %(objectname)', ...refs]);
  const pairs = lines.split('\n').map((line): [string, string] => {
    const [ref = '', id = ''] = line.split(' ');
    return [ref, id];
  });
  // A ref names those below it, too.
  return new Map(pairs.filter(([ref]) => refs.includes(ref)));
}

/** Has a ref name an object if it names `old` now, or for `''` nothing. @returns whether it did. */
export function swapRef(dir: string, ref: string, id: string, old: string): boolean {
  try {
    git(dir, ['update-ref', '--no-deref', ref, id, old === '' ? '0'.repeat(id.length) : old]);
    return true;
  } catch (error) {
    // It names another one by now, or is gone; else the repository takes nothing.
    const isTaken =
      error instanceof GitError &&
      /but expected|already exists|unable to resolve reference/.test(error.stderr);
    if (isTaken) return false;
    throw error;
  }
}

const MOST_TRIES = 10;

/** Has a ref name an object, whatever it named before. */
export function setRef(dir: string, ref: string, id: string, expected?: string): void {
  let old = expected ?? readRefs(dir, [ref]).get(ref) ?? '';
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (swapRef(dir, ref, id, old)) return;
    old = readRefs(dir, [ref]).get(ref) ?? '';
  }
  throw new ExpError('EXP_FILE', `The ref "${ref}" changes all the time. Try again.`);
}

/** Removes refs; those that are gone already are no problem. */
export function deleteRefs(dir: string, refs: readonly string[]): void {
  const input = refs.map((ref) => `delete ${ref}\n`).join('');
  git(dir, ['update-ref', '--no-deref', '--stdin'], { input });
}

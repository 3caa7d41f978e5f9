import { createHash, randomBytes } from 'node:crypto';
import {
  constants,
  copyFileSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { RUN_DIRS, RUN_FILES, sourceStoreOf, storedSource } from '../core/layout.ts';
import type { SourceListing, SourcesState } from '../core/sources.ts';
import { ensureDir } from '../files/create-dir.ts';

/**
 * Keeps a content in a source store and returns its SHA-256. It appears there whole or not at all,
 * whoever else keeps the same at the same time, on this host or another.
 */
export function storeSource(store: string, content: Uint8Array | string): string {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const path = storedSource(store, sha256);
  // A machine that lost its power may have left a file with nothing in it.
  if (sizeOf(path) === Buffer.byteLength(content)) return sha256;
  ensureDir(dirname(path));
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    // Read-only, for runs share it: who edits a file in one run must not change it in the others.
    writeFileSync(temporary, content, { flag: 'wx', mode: 0o444 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return sha256;
}

/**
 * Gives a run the sources it was planned with: `sources.json`, and the tree `sources/`. The tree
 * makes the run's directory complete in itself, to be copied or sent as it is. Its files are hard
 * links into the store, so that a sweep holds every content once; where the file system has no
 * links they are copies.
 *
 * A run is never lost for its sources: what goes wrong is told on stderr and in `sources.json`.
 * @returns what the manifest is to say.
 */
export function placeSources(runDir: string, planned: SourcesState): SourcesState {
  const listingFile = join(runDir, RUN_FILES.sources);
  const tree = join(runDir, RUN_DIRS.sources);
  try {
    if ('error' in planned) throw new Error(planned.error);
    const store = sourceStoreOf(runDir);
    const text = readFileSync(storedSource(store, planned.listing), 'utf8');
    placeTree(tree, store, JSON.parse(text) as SourceListing);
    writeFileSync(listingFile, text);
    return planned;
  } catch (error) {
    const reason = messageOf(error);
    process.stderr.write(`exptools: the run has no copy of its sources: ${reason}\n`);
    try {
      rmSync(tree, { recursive: true, force: true });
      writeFileSync(listingFile, jsonText({ format: 1, files: [], leftOut: [], error: reason }));
    } catch {
      // the manifest says the same
    }
    return { error: reason };
  }
}

function placeTree(tree: string, store: string, { files }: SourceListing): void {
  const made = new Set<string>();
  for (const file of files) {
    const path = join(tree, file.path);
    const dir = dirname(path);
    if (!made.has(dir)) ensureDir(dir);
    made.add(dir);
    if ('link' in file) symlinkSync(file.link, path);
    else linkOrCopy(storedSource(store, file.sha256), path);
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    // no links here, or too many of this file
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

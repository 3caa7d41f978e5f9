import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Json } from '../core/json.ts';
import { readStoredConfig } from '../store/stored-run.ts';
import { git } from '../provenance/run-git.ts';
import {
  deleteRefs,
  makeTag,
  namedRef,
  readRefs,
  runRef,
  setRef,
  submoduleRef,
  swapRef,
  TAG_REFS,
} from './refs.ts';
import { tagMessage, tagRecord } from './tag-record.ts';

/** How long the end of a run waits for a remote. */
const PUSH_LIMIT_MS = 20_000;

/**
 * Tags the snapshot of a run that starts: for us alone, and for `git tag` too if that is wanted. It
 * never throws: a run is not lost for its tag.
 * @returns the manifest, with the name of the tag or what went wrong.
 */
export function startTags(dir: string, manifest: Manifest): Manifest {
  const top = manifest.git?.top;
  if (top === undefined || manifest.git?.snapshot === undefined) return manifest;
  try {
    const isFirst = manifest.attempts.length <= 1;
    const parameters = readStoredConfig(dir).config as Json;
    setRunRef(top, manifest, parameters, isFirst ? '' : undefined);
    for (const { path, commit } of manifest.git.submodules ?? []) {
      setRef(join(top, path), submoduleRef(manifest.id), commit, isFirst ? '' : undefined);
    }
    if (manifest.tagging?.tag !== true || manifest.tag !== undefined) {
      if (manifest.tag !== undefined) setNamedTag(top, manifest, parameters);
      return manifest;
    }
    return { ...manifest, tag: makeNamedTag(top, manifest, parameters) };
  } catch (error) {
    warn(`the run has no tag of its code: ${messageOf(error)}`);
    return { ...manifest, git: { ...manifest.git, error: messageOf(error) } };
  }
}

/**
 * Has the tags of a run say how it ended, and what came out; or takes them away where there is nothing
 * to tell and the user wants it so. It never throws.
 */
export function endTags(dir: string, manifest: Manifest): void {
  const { git: state, tagging, result } = manifest;
  if (state?.top === undefined || state.snapshot === undefined) return;
  try {
    if (tagging?.dropWithoutResults === true && result === undefined) {
      dropTags(state.top, manifest);
      return;
    }
    const parameters = readStoredConfig(dir).config as Json;
    setRunRef(state.top, manifest, parameters);
    if (manifest.tag !== undefined) setNamedTag(state.top, manifest, parameters);
  } catch (error) {
    warn(`the tag of the run does not say how it ended: ${messageOf(error)}`);
    return;
  }
  if (tagging?.push !== undefined) pushTags(state.top, tagging.push, manifest);
}

/** @param expected what the ref names now; read unless given. */
function setRunRef(top: string, manifest: Manifest, parameters: Json, expected?: string): void {
  const record = tagRecord(manifest, parameters)!;
  const id = makeTag(top, manifest.id, record.commit, tagMessage(record));
  setRef(top, runRef(manifest.id), id, expected);
}

function setNamedTag(top: string, manifest: Manifest, parameters: Json): void {
  const record = tagRecord(manifest, parameters)!;
  const id = makeTag(top, manifest.tag!, record.commit, tagMessage(record));
  setRef(top, `refs/tags/${manifest.tag!}`, id);
}

/** A tag under the first name that is free: one that exists is never touched. */
function makeNamedTag(top: string, manifest: Manifest, parameters: Json): string {
  const record = tagRecord(manifest, parameters)!;
  const { name, experiment, startedAt } = manifest;
  const started = startedAt === undefined ? new Date() : new Date(startedAt);
  const wanted = namedRef(name ?? experiment, started);
  // One of another case would be the same file where case does not count.
  const taken = new Set(
    git(top, ['for-each-ref', '--format=%(refname)', TAG_REFS])
      .toString()
      .toLowerCase()
      .split('\n'),
  );
  for (let number = 1; ; number++) {
    const ref = number === 1 ? wanted : `${wanted}-${number}`;
    if (taken.has(ref.toLowerCase())) continue;
    const tag = ref.slice('refs/tags/'.length);
    const id = makeTag(top, tag, record.commit, tagMessage(record));
    if (swapRef(top, ref, id, '')) return tag;
  }
}

function dropTags(top: string, manifest: Manifest): void {
  const refs = [runRef(manifest.id), ...(manifest.tag ? [`refs/tags/${manifest.tag}`] : [])];
  deleteRefs(top, [...readRefs(top, refs).keys()]);
  for (const { path } of manifest.git?.submodules ?? []) {
    deleteRefs(join(top, path), [submoduleRef(manifest.id)]);
  }
  const what = manifest.tag === undefined ? 'its tag is' : `its tags are, also ${manifest.tag},`;
  warn(`the run ${manifest.id} has no results: ${what} removed. Its directory stays.`);
}

function pushTags(top: string, remote: string, manifest: Manifest): void {
  // This run is ours: nobody else has a newer version of its ref.
  const refs = [`+${runRef(manifest.id)}`, ...(manifest.tag ? [`refs/tags/${manifest.tag}`] : [])];
  try {
    const args = ['push', '--quiet', '--no-verify', '--recurse-submodules=no', '--', remote];
    git(top, [...args, ...refs], { timeout: PUSH_LIMIT_MS });
  } catch (error) {
    warn(`the tag of the run is not pushed: ${messageOf(error)}. See run-exp tags push.`);
  }
}

function warn(text: string): void {
  process.stderr.write(`exptools: ${text}\n`);
}

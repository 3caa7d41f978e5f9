import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { sourceStore } from '../core/layout.ts';
import type { LeftOut, SourceFile, SourceListing, SourcesState } from '../core/sources.ts';
import type { Project } from '../project/project-config.ts';
import { chooseSources, type ChosenSource } from '../provenance/choose-sources.ts';
import { sourcePaths } from '../provenance/source-paths.ts';
import { storeSource } from '../store/source-store.ts';
import { snapshotCode, wantsSnapshot } from './snapshot-code.ts';

const states = new Map<string, SourcesState>();

/** More than this is no code, unless someone says so. */
const MOST_FILES = 5_000;
const MOST_BYTES = 100e6;

/**
 * Takes the sources of a project, as they are now, into the source store of a run root; `undefined`
 * for a project that wants no backup, or leaves it open and has a snapshot in git. Done once a process, for that is how often its code is loaded.
 * It never throws: what went wrong is the state.
 */
export function backUpSources(project: Project, root: string): SourcesState | undefined {
  if (!(project.sources.backup ?? isWithoutSnapshot(project, root))) return undefined;
  const key = JSON.stringify([project.dir, project.sources, root]);
  const known = states.get(key);
  if (known !== undefined) return known;
  try {
    const state = takeSources(project, root);
    states.set(key, state);
    return state;
  } catch (error) {
    return { error: messageOf(error) };
  }
}

/** True for a project, not just any directory, whose code nothing else keeps. */
function isWithoutSnapshot(project: Project, root: string): boolean {
  const { dir, file } = project;
  if (!wantsSnapshot(project)) return false;
  const isProject = file !== undefined || existsSync(join(dir, 'package.json'));
  return isProject && snapshotCode(project, root)?.snapshot === undefined;
}

function checkAmount(dir: string, chosen: readonly ChosenSource[]): void {
  let bytes = 0;
  for (const { path } of chosen) bytes += lstatSync(join(dir, path)).size;
  if (chosen.length <= MOST_FILES && bytes <= MOST_BYTES) return;
  throw new Error(
    `${chosen.length} files of ${Math.round(bytes / 1e6)} MB are much for code. Name data in ` +
      'sources.ignore of the project file, or set sources.backup to true or false.',
  );
}

function takeSources({ dir, root: usual, sources }: Project, root: string): SourcesState {
  if (relative(root, dir).split(sep)[0] !== '..') {
    throw new Error(
      `the run root "${root}" holds the project itself. Give runs a folder of theirs.`,
    );
  }
  const store = sourceStore(root);
  // Runs may lie in the project's usual root too while --root names another.
  const listed = sourcePaths(dir, [root, usual]);
  const { chosen, leftOut } = chooseSources(dir, listed.paths, sources);
  if (sources.backup === undefined) checkAmount(dir, chosen);
  const unreadable: LeftOut[] = [];
  const files = chosen.flatMap((source): SourceFile[] => {
    if ('link' in source) return [source];
    let content: Buffer;
    let mode = 0;
    try {
      content = readFileSync(join(dir, source.path));
      mode = statSync(join(dir, source.path)).mode;
    } catch (error) {
      unreadable.push({ path: source.path, reason: `cannot be read: ${messageOf(error)}` });
      return [];
    }
    return [
      {
        ...source,
        sha256: storeSource(store, content),
        bytes: content.length,
        ...((mode & 0o100) !== 0 && { executable: true }),
      },
    ];
  });
  const all = [...listed.leftOut, ...leftOut, ...unreadable];
  const listing: SourceListing = { format: 1, files, leftOut: all };
  return {
    listing: storeSource(store, jsonText(listing)),
    files: files.length,
    bytes: files.reduce((sum, file) => sum + ('bytes' in file ? file.bytes : 0), 0),
    leftOut: all.length,
  };
}

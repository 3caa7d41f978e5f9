import { readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { sourceStore } from '../core/layout.ts';
import type { LeftOut, SourceFile, SourceListing, SourcesState } from '../core/sources.ts';
import type { Project } from '../project/project-config.ts';
import { chooseSources } from '../provenance/choose-sources.ts';
import { sourcePaths } from '../provenance/source-paths.ts';
import { storeSource } from '../store/source-store.ts';

const states = new Map<string, SourcesState>();

/**
 * Takes the sources of a project, as they are now, into the source store of a run root; `undefined`
 * for a project that wants no backup. Done once a process, for that is how often its code is loaded.
 * It never throws: what went wrong is the state.
 */
export function backUpSources(project: Project, root: string): SourcesState | undefined {
  if (!project.sources.backup) return undefined;
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

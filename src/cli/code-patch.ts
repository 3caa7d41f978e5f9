import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { RUN_DIRS } from '../core/layout.ts';
import type { CodeFiles } from '../core/sources.ts';
import type { Project } from '../project/project-config.ts';
import { fileIn } from '../snapshots/checkout.ts';
import { storedSources } from '../snapshots/stored-sources.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { placeIn } from './run-code.ts';

/** Longer patches are cut: this many lines say what has changed. */
const MOST_LINES = 40;

/**
 * How changed files differ from what a run has kept of them, as a patch, with what is too long left
 * out; empty where the run has kept none of them.
 */
export function codePatch(run: StoredRun, project: Project, changed: readonly string[]): string {
  const lines = changed.flatMap((path) => {
    const before = keptText(run, project, path);
    const name = relative('', path);
    const now = textAt(path);
    if (before === undefined || before === now) return [];
    const patch = createTwoFilesPatch(name, name, before, now ?? '', undefined, undefined, {
      context: 1,
    });
    return patch.slice(patch.indexOf('--- ')).trimEnd().split('\n');
  });
  const rest = lines.length - MOST_LINES;
  return rest <= 1
    ? lines.join('\n')
    : [...lines.slice(0, MOST_LINES), `... and ${rest} more lines`].join('\n');
}

/** The files that differ, as absolute paths. */
export function changedFiles(before: CodeFiles, now: CodeFiles): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return paths.filter((path) => before[path] !== now[path]);
}

/** A file as it was when the run was planned, from its snapshot or its copy of the sources. */
function keptText(
  { dir, manifest }: StoredRun,
  project: Project,
  path: string,
): string | undefined {
  const { snapshot, top } = manifest.git ?? {};
  if (snapshot !== undefined && top !== undefined) {
    const place = placeIn([top], snapshot);
    return place === undefined ? undefined : fileIn(place, snapshot, relative(top, path));
  }
  const own = relative(project.dir, path);
  const isKept = storedSources(dir)?.files.some((file) => file.path === own) === true;
  return isKept ? textAt(join(dir, RUN_DIRS.sources, own)) : undefined;
}

function textAt(path: string): string | undefined {
  try {
    const content = readFileSync(path);
    return content.includes(0) ? undefined : content.toString();
  } catch {
    return undefined; // it is gone
  }
}

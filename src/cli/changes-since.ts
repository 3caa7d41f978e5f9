import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { leaves } from '../config/assignment.ts';
import { pathText } from '../config/path.ts';
import { jsonLine, toJson } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SourceFile, SourceListing } from '../core/sources.ts';
import { tryRead } from '../files/try-read.ts';
import type { Project } from '../project/project-config.ts';
import { chooseSources } from '../provenance/choose-sources.ts';
import { hashOf } from '../provenance/code-files.ts';
import { readGitState } from '../provenance/git.ts';
import { sourcePaths } from '../provenance/source-paths.ts';
import type { StoredRun } from '../store/stored-run.ts';

/** How the config of a run would differ if it was planned now: `lr: 0.1 → 0.2`, a line for each key. */
export function configChanges(run: StoredRun, { config }: Pick<RunSpec, 'config'>): string[] {
  const [before, now] = [byKey(run.readConfig().config), byKey(config)];
  const keys = [...new Set([...before.keys(), ...now.keys()])].filter((key) => key !== 'seed');
  return keys.flatMap((key) => {
    if (isDeepStrictEqual(before.get(key), now.get(key))) return [];
    return [`${key}: ${shown(before, key)} → ${shown(now, key)}`];
  });
}

function byKey(config: unknown): Map<string, unknown> {
  return new Map(leaves(toJson(config)).map(({ path, value }) => [pathText(path), value]));
}

function shown(values: ReadonlyMap<string, unknown>, key: string): string {
  return values.has(key) ? jsonLine(values.get(key)) : 'none';
}

/**
 * How the code differs from that which a run was started with: `changed main.ts`, a line for each
 * file. By its sources or, where it has no copy of them, by its commit.
 */
export function codeChanges(run: StoredRun, project: Project, root: string): string[] {
  const text = tryRead(join(run.dir, RUN_FILES.sources));
  const listing = text === undefined ? undefined : (JSON.parse(text) as SourceListing);
  if (listing !== undefined && listing.files.length > 0) {
    return fileChanges(listing.files, project, root);
  }
  const before = run.manifest.git?.commit;
  const now = before === undefined ? undefined : readGitState(project.dir, root)?.commit;
  if (before === undefined || now === undefined || before === now) return [];
  return [`commit ${before.slice(0, 10)} → ${now.slice(0, 10)}`];
}

function fileChanges(
  files: readonly SourceFile[],
  { dir, root, sources }: Project,
  other: string,
): string[] {
  const changed = files.flatMap((file) => {
    const path = join(dir, file.path);
    if (!existsSync(path) && !isLink(path)) return [`removed ${file.path}`];
    const isSame = 'link' in file ? isLinkTo(path, file.link) : hashOf(path) === file.sha256;
    return isSame ? [] : [`changed ${file.path}`];
  });
  const known = new Set(files.map(({ path }) => path));
  const { chosen } = chooseSources(dir, sourcePaths(dir, [other, root]).paths, sources);
  const added = chosen.filter(({ path }) => !known.has(path)).map(({ path }) => `added ${path}`);
  return [...changed, ...added];
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isLinkTo(path: string, target: string): boolean {
  return isLink(path) && readlinkSync(path) === target;
}

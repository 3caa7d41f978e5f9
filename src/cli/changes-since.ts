import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { leaves } from '../config/assignment.ts';
import { pathText } from '../config/path.ts';
import { jsonLine, toJson } from '../core/json.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { CodeFiles } from '../core/sources.ts';
import type { Project } from '../project/project-config.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { readGitState } from '../provenance/git.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { codeOf } from './run-one.ts';

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
 * file. By the files that were imported, or by its sources and, where neither is known, by its commit.
 * @param planned the files as the run was planned, where its manifest does not have them.
 */
export async function codeChanges(
  run: StoredRun,
  project: Project,
  planned: CodeFiles | undefined = run.manifest.code,
): Promise<string[]> {
  if (planned !== undefined)
    return fileChanges(planned, await codeFiles(codeOf(run.manifest.file!, project)));
  const before = run.manifest.git?.commit;
  const now = before === undefined ? undefined : readGitState(project.dir, project.root)?.commit;
  if (before === undefined || now === undefined || before === now) return [];
  return [`commit ${before.slice(0, 10)} → ${now.slice(0, 10)}`];
}

function fileChanges(before: CodeFiles, now: CodeFiles): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return paths.flatMap((path) => {
    if (before[path] === now[path]) return [];
    const what = before[path] === undefined ? 'added' : existsSync(path) ? 'changed' : 'removed';
    return [`${what} ${relative('', path)}`];
  });
}

import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { CodeFiles } from '../core/sources.ts';
import type { Project } from '../project/project-config.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { readGitState } from '../provenance/git.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { codeOf } from './run-one.ts';

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

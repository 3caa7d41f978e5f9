import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { CodeFiles } from '../core/sources.ts';
import type { Project } from '../project/project-config.ts';
import { codeFiles } from '../provenance/code-files.ts';
import { readGitState } from '../provenance/git.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { changedFiles, codePatch } from './code-patch.ts';
import { codeOf } from './run-one.ts';

/** How code differs from that which a run was started with. */
export interface CodeChanges {
  /** A line for each file: `changed main.ts`. */
  readonly lines: readonly string[];
  /** Those files as a patch, where the run has kept them; else empty. */
  readonly patch: string;
  /** The files of the code as it is now, where they are what was compared. */
  readonly now?: CodeFiles;
}

/**
 * How the code differs from that which a run was started with: `changed main.ts`, a line for each
 * file. By the files that were imported, or by its sources and, where neither is known, by its commit.
 * @param planned the files as the run was planned, where its manifest does not have them.
 */
export async function codeChanges(
  run: StoredRun,
  project: Project,
  planned: CodeFiles | undefined,
): Promise<CodeChanges> {
  const last = run.manifest.code ?? planned;
  if (last !== undefined) {
    const now = await codeFiles(codeOf(run.manifest.file!, project));
    const files = changedFiles(last, now);
    return { lines: fileChanges(files, last), patch: codePatch(run, project, files), now };
  }
  const before = run.manifest.git?.commit;
  const now = before === undefined ? undefined : readGitState(project.dir, project.root)?.commit;
  if (before === undefined || now === undefined || before === now) return { lines: [], patch: '' };
  return { lines: [`commit ${before.slice(0, 10)} → ${now.slice(0, 10)}`], patch: '' };
}

function fileChanges(paths: readonly string[], before: CodeFiles): string[] {
  return paths.map((path) => {
    const what = before[path] === undefined ? 'added' : existsSync(path) ? 'changed' : 'removed';
    return `${what} ${relative('', path)}`;
  });
}

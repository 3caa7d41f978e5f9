import { processState } from '../core/process-state.ts';
import type { GitState } from '../core/run-spec.ts';
import type { Project } from '../project/project-config.ts';
import { readGitState } from '../provenance/git.ts';
import { takeSnapshot } from '../snapshots/snapshot.ts';

const states = processState('code-snapshots', () => new Map<string, GitState | undefined>());

/**
 * The code of a project as it is, kept as a commit; `undefined` outside of git. Done once a process,
 * for that is how often its code is loaded. A project may want no snapshots, `EXP_SNAPSHOT=0` wants
 * none either, and of a ghost nothing is kept: then it is the commit the code stands on.
 * @param root of the runs, which are no part of the code.
 */
export function snapshotCode(
  project: Project,
  root: string,
  { ghost = false }: { readonly ghost?: boolean } = {},
): GitState | undefined {
  if (ghost || !wantsSnapshot(project)) return readGitState(project.dir, root);
  const key = JSON.stringify([project.dir, project.sources, root]);
  if (!states.has(key)) {
    const { ignore, maxFileSize } = project.sources;
    const except = [root, project.root];
    const state = takeSnapshot(project.dir, { ignore, maxFileSize, except, project: project.dir });
    if (state?.error !== undefined) {
      process.stderr.write(`exptools: there is no snapshot of the code: ${state.error}\n`);
    }
    states.set(key, state);
  }
  return states.get(key);
}

/** False where the project, or who started us, wants no snapshots of the code. */
export function wantsSnapshot({ snapshot }: Project): boolean {
  return process.env['EXP_SNAPSHOT'] !== '0' && snapshot;
}

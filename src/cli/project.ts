import { relative, resolve } from 'node:path';
import { findProject } from '../project/find-project.ts';
import { isTypeScript, loadProject } from '../project/load-project.ts';
import type { Project } from '../project/project-config.ts';

/**
 * The project around a directory. One in TypeScript gets our loader, whatever this version of Node
 * can do by itself: it means the same here as in the processes that runs have.
 * @throws {ExpError} EXP_CONFIG
 */
export async function projectAround(dir: string): Promise<Project> {
  const { file } = findProject(dir);
  if (file !== undefined && isTypeScript(file)) {
    // Loaded here, since it takes longer than most commands that look back.
    const { registerLoader } = await import('../loader/register-loader.ts');
    await registerLoader(file);
  }
  return loadProject(dir);
}

/** The run root that a flag names, or that of the project around the current directory. */
export async function runRoot(flag: string | undefined): Promise<string> {
  return flag === undefined ? (await projectAround(process.cwd())).root : resolve(flag);
}

/** ` --root DIR` for a command to type next, where it would not find the run root by itself. */
export async function rootFlag(root: string): Promise<string> {
  // A project file here that is broken is no matter of a run elsewhere.
  const usual = await runRoot(undefined).catch(() => undefined);
  return resolve(root) === usual ? '' : ` --root ${relative('', root) || '.'}`;
}

/** One line: which project file holds for a file, and where its runs go. */
export function projectLine({ file, root }: Project): string {
  const from = file === undefined ? 'no project file' : relative('', file);
  return `Project: ${from}; runs are kept in ${relative('', root) || '.'}\n`;
}

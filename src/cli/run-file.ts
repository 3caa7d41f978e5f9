import { dirname } from 'node:path';
import pc from 'picocolors';
import { isShown, LEVELS } from '../logging/level.ts';
import { outputLimit } from '../logging/output-limit.ts';
import { createGhostRoot, isGhostEnvironment } from '../store/ghost-root.ts';
import { detachRun } from './detach.ts';
import { inspectConfig } from './inspect-config.ts';
import { projectAround } from './project.ts';
import { runOne } from './run-one.ts';
import { checkFlags, type RunFlags } from './run-options.ts';
import { runRequest } from './run-request.ts';
import { runSweep } from './run-sweep.ts';

/** Does what the words and flags after a file ask for. Returns the exit code. */
export async function runFile(
  file: string,
  words: readonly string[],
  given: RunFlags,
): Promise<number> {
  const flags = { ...given, quiet: given.quiet ?? process.env['EXP_QUIET'] === '1' };
  checkFlags(flags);
  outputLimit();
  isShown(LEVELS.info);
  const project = await projectAround(dirname(file));
  const request = runRequest(file, words, flags, project);
  if (flags.printConfig === true || flags.saveConfig !== undefined) {
    await inspectConfig(file, request, flags);
    return 0;
  }
  // A sweep is planned here, where mistakes are seen.
  if (flags.detach === true && flags.sweep !== true) return detachRun(file, words, given);
  const execute = flags.sweep === true ? runSweep : runOne;
  const earlier = request.root;
  const keepsNothing = flags.ghost === true || isGhostEnvironment();
  if (!keepsNothing || flags.dryRun === true) {
    return execute(file, { request, project, earlier }, flags);
  }
  const ghost = createGhostRoot();
  // For a second Ctrl-C, which ends this process at once.
  process.once('exit', ghost.remove);
  if (!flags.quiet) {
    process.stderr.write(
      `${pc.magenta('ghost')}  nothing is kept; run.dir is removed at the end\n`,
    );
  }
  const haunted = { ...request, root: ghost.dir, ghost: true };
  return execute(file, { request: haunted, project, earlier }, flags).finally(ghost.remove);
}

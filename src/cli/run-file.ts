import { dirname } from 'node:path';
import { isShown, LEVELS } from '../logging/level.ts';
import { outputLimit } from '../logging/output-limit.ts';
import { detachRun } from './detach.ts';
import { checkEntry, enterByFile } from './enter-run.ts';
import { inspectConfig } from './inspect-config.ts';
import { projectAround } from './project.ts';
import { runOne } from './run-one.ts';
import { checkFlags, type RunFlags } from './run-flags.ts';
import { runRequest } from './run-request.ts';
import { sweepFile } from './start-sweep.ts';
import { withGhost } from './with-ghost.ts';

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
  const { in: entered } = flags;
  if (entered !== undefined) {
    checkEntry(words, flags);
    if (flags.detach !== true) return enterByFile(file, words, { ...flags, in: entered }, project);
  }
  const request = runRequest(file, words, flags, project);
  if (flags.printConfig === true || flags.saveConfig !== undefined) {
    await inspectConfig(file, request, flags);
    return 0;
  }
  // A sweep is planned here, where mistakes are seen.
  if (flags.detach === true && flags.sweep !== true) return detachRun(file, words, given);
  const execute = flags.sweep === true ? sweepFile : runOne;
  return withGhost({ request, project, earlier: request.root }, flags, (asked) =>
    execute(file, asked, flags),
  );
}

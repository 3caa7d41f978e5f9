import { dirname } from 'node:path';
import { isShown, LEVELS } from '../logging/level.ts';
import { outputLimit } from '../logging/output-limit.ts';
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
  flags: RunFlags,
): Promise<number> {
  checkFlags(flags);
  outputLimit();
  isShown(LEVELS.info);
  const project = await projectAround(dirname(file));
  const request = runRequest(file, words, flags, project);
  if (flags.printConfig === true || flags.saveConfig !== undefined) {
    await inspectConfig(file, request, flags);
    return 0;
  }
  const execute = flags.sweep === true ? runSweep : runOne;
  return execute(file, { request, project }, flags);
}

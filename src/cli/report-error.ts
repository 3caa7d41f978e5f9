import pc from 'picocolors';
import { isExpError, messageOf } from '../core/errors.ts';

/**
 * An error for people: its message and, if it is not one of ours to begin with, where in the user's
 * code it came from. `verbose` shows every frame and every cause.
 */
export function errorText(error: unknown, verbose: boolean): string {
  if (verbose && error instanceof Error) {
    const cause = error.cause === undefined ? '' : `Caused by: ${errorText(error.cause, true)}`;
    return `${error.stack ?? error.message}\n${cause}`;
  }
  const [first = '', ...rest] = messageOf(error).split('\n');
  const name = error instanceof Error && !isExpError(error) ? error.name : 'Error';
  const frames = error instanceof Error ? userFrames(error.stack ?? '') : [];
  const shown = isExpError(error) && error.code !== 'EXP_FILE' ? [] : frames;
  return [`${pc.red(pc.bold(`${name}:`))} ${first}`, ...rest, ...shown.map((line) => pc.dim(line))]
    .join('\n')
    .concat('\n');
}

/** The lines of a stack that stand in the user's own files. */
function userFrames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .filter((line) => !/node:internal|node_modules|\(node:|\bat node:|\(<anonymous>\)$|\bat <anonymous>$/.test(line))
    .filter((line) => !line.includes(packageUrl) && !line.includes(packagePath));
}

// Everything in the directory the build lies in is ours.
const packageUrl = new URL('../../', import.meta.url).href;
const packagePath = new URL('../../', import.meta.url).pathname;

import pc from 'picocolors';
import { isExpError, messageOf, type ErrorCode } from '../core/errors.ts';
import { userFrames } from '../core/place.ts';

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
  const frames = framesFor(error).map((line) => pc.dim(line));
  return [`${pc.red(pc.bold(`${name}:`))} ${first}`, ...rest, ...frames].join('\n').concat('\n');
}

/** Codes of mistakes in the user's code: the place of one is a part of its message. */
const ABOUT_CODE: ReadonlySet<ErrorCode> = new Set([
  'EXP_CAPTURE',
  'EXP_DECORATOR',
  'EXP_EXPERIMENT',
] as const);

function framesFor(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const frames = userFrames(error.stack ?? '');
  if (!isExpError(error) || error.code === 'EXP_FILE') return frames;
  return ABOUT_CODE.has(error.code) ? frames.slice(0, 1) : [];
}

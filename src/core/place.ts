import { fileURLToPath } from 'node:url';

/** A line of the user's code. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

const NOT_THE_USERS =
  /node:internal|node_modules|\(node:|\bat node:|\(<anonymous>\)$|\bat <anonymous>$|\bat __decorate/;

/** The lines of a stack that stand in the user's own files. */
export function userFrames(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .filter((line) => !NOT_THE_USERS.test(line))
    .filter((line) => !OUR_FILES.some((dir) => line.includes(dir)));
}

/** Where the user's code stands in the innermost call of a stack; `undefined` if it has no part in it. */
export function userPlace(stack: string | undefined): Place | undefined {
  const frame = userFrames(stack ?? '')[0];
  const found = /(?:\(|\bat (?:async )?)((?:file:\/\/)?\/.*):(\d+):\d+\)?$/.exec(frame ?? '');
  if (found === null) return undefined;
  const [, path, line] = found as unknown as [string, string, string];
  const file = path.startsWith('file:') ? fileURLToPath(path.replace(/\?.*$/, '')) : path;
  return { file, line: Number(line) };
}

// Of our own files there are the rooms of src and the sinks beside it, in the source or the build;
// source maps make frames of the build into ones of the source.
const OUR_FILES = [
  '../',
  '../../sinks/',
  ...(import.meta.url.includes('/dist/src/') ? ['../../../src/', '../../../sinks/'] : []),
].flatMap((dir) => {
  const url = new URL(dir, import.meta.url);
  return [url.href, url.pathname];
});

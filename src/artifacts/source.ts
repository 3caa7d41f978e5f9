import { realpathSync, statSync } from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ExpError, messageOf } from '../core/errors.ts';
import { copyDirectory } from './copy-directory.ts';
import { copyHashed, writeHashed, type Chunks, type Hashed } from './hashed.ts';

/** What an artifact is made of: the path of a file or a directory, bytes, or a stream of bytes or text. */
export type ArtifactSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array | string>;

/** The content of an artifact, and how it comes to its place. */
export interface Content {
  /** Absolute, where it lies on the disk already. */
  readonly path?: string;
  /** What it is called if nobody says otherwise. */
  readonly name?: string;
  readonly put: (path: string) => Promise<Hashed & { readonly files?: number }>;
}

/**
 * @param dir where it is to go; a directory that holds it is refused.
 * @throws {ExpError} EXP_FILE for a path with nothing there, EXP_USAGE for what is no source.
 */
export function contentOf(source: ArtifactSource, dir: string): Content {
  if (typeof source === 'string' || source instanceof URL) return contentAt(source, dir);
  if (source instanceof Uint8Array) return { put: (path) => writeHashed([source], path) };
  if (source instanceof ArrayBuffer) {
    return { put: (path) => writeHashed([new Uint8Array(source)], path) };
  }
  if (isChunks(source)) return { put: (path) => writeHashed(source, path) };
  throw new ExpError(
    'EXP_USAGE',
    `An artifact is made of a path, bytes or a stream, got ${typeof source}. ` +
      'Other values are saved by run.save(value, name).',
  );
}

function contentAt(source: string | URL, dir: string): Content {
  const path = resolve(typeof source === 'string' ? source : fileURLToPath(source));
  let isDirectory: boolean;
  let real: string;
  try {
    isDirectory = statSync(path).isDirectory();
    real = realpathSync(path);
  } catch (error) {
    throw new ExpError('EXP_FILE', `Cannot keep "${path}": ${messageOf(error)}.`, {
      cause: error,
    });
  }
  const inside = relative(real, join(realpathSync(join(dir, '..')), basename(dir)));
  const holdsTarget = inside === '' || (inside !== '..' && !inside.startsWith(`..${sep}`));
  if (isDirectory && holdsTarget) {
    throw new ExpError('EXP_USAGE', `Cannot keep "${path}": the files of the run lie in it.`);
  }
  return {
    path: real,
    name: basename(real),
    put: (to) => (isDirectory ? copyDirectory(path, to) : copyHashed(path, to)),
  };
}

function isChunks(value: unknown): value is Chunks {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

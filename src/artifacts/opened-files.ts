import { stat } from 'node:fs/promises';
import { hashFile, type Hashed } from './hashed.ts';
import { messageOf } from '../core/errors.ts';

/** A file as it was found: with its hash, or with the reason for having none. */
export type Found = Hashed | { readonly problem: string };

/**
 * Hashes files in the background, one after the other, so that they do not get in each other's way
 * on a disk. A file that has not changed since is not read again.
 */
export class BackgroundHashes {
  readonly #known = new Map<string, Promise<Found>>();
  #last: Promise<unknown> = Promise.resolve();

  /** The hash of a file, once its turn has come. Never rejects. */
  async of(path: string): Promise<Found> {
    let state: string;
    try {
      const { size, mtimeNs, ino } = await stat(path, { bigint: true });
      state = [path, size, mtimeNs, ino].join('\0');
    } catch (error) {
      return { problem: messageOf(error) };
    }
    let found = this.#known.get(state);
    if (found === undefined) {
      found = this.#last.then(() => tryHash(path));
      this.#known.set(state, found);
      this.#last = found;
    }
    return found;
  }
}

async function tryHash(path: string): Promise<Found> {
  try {
    return await hashFile(path);
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

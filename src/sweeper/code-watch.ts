import { statSync } from 'node:fs';
import type { CodeFiles } from '../core/sources.ts';
import { hashOf } from '../provenance/code-files.ts';

/** A file as it was looked at last. */
interface Seen {
  readonly mtimeMs: number;
  readonly size: number;
  readonly hasChanged: boolean;
}

/** Knows which files of the code are no longer as they were when a sweep was planned. */
export class CodeWatch {
  readonly #planned: CodeFiles;
  readonly #seen = new Map<string, Seen>();

  constructor(planned: CodeFiles) {
    this.#planned = planned;
  }

  /**
   * The absolute paths of files that differ by now, or are gone. A file is read only where its size
   * or time has changed since the last look.
   */
  changed(): string[] {
    return Object.keys(this.#planned).filter((path) => this.#look(path).hasChanged);
  }

  #look(path: string): Seen {
    const { mtimeMs = 0, size = -1 } = statSync(path, { throwIfNoEntry: false }) ?? {};
    const before = this.#seen.get(path);
    if (before?.mtimeMs === mtimeMs && before.size === size) return before;
    const seen = { mtimeMs, size, hasChanged: hashOf(path) !== this.#planned[path] };
    this.#seen.set(path, seen);
    return seen;
  }
}

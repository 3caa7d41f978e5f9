import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import { AppendFile } from '../files/append-file.ts';

/** A file of a run, as the run's index `files.jsonl` has it. */
export interface ArtifactEntry {
  /** As it was asked for. */
  readonly name: string;
  /** Relative to the run's directory, with slashes; absolute for a file that was opened. */
  readonly file: string;
  /** What was kept by `run.artifact` or `run.save`, or opened by `run.open`. */
  readonly kind: 'artifact' | 'saved' | 'opened';
  /** In hexadecimal digits; of a directory, that of the listing `sha256sum` prints of its files. */
  readonly sha256?: string;
  readonly bytes?: number;
  /** How many files a directory has. */
  readonly files?: number;
  /** What a file was opened for. */
  readonly access?: 'read' | 'write';
  readonly metadata?: Json;
  /** Why there is no hash. */
  readonly problem?: string;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** The step of the last row by then. */
  readonly step?: number;
  /** Counted from 1. */
  readonly attempt: number;
}

/** The files of a run in the order in which they were kept; none for a run without any. */
export function listArtifacts(runDir: string): ArtifactEntry[] {
  const path = join(runDir, RUN_FILES.index);
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as ArtifactEntry];
      } catch {
        return []; // the end of a file, or of a process that was killed while it wrote
      }
    });
}

/** Adds an entry to the index of a run, whole or not at all. One writer: the run's process. */
export function appendEntry(runDir: string, entry: ArtifactEntry): void {
  const path = join(runDir, RUN_FILES.index);
  const isThere = existsSync(path);
  const lead = isThere && isTorn(path) ? '\n' : '';
  const file = new AppendFile(path, isThere ? 'open' : 'create');
  try {
    file.append(`${lead}${JSON.stringify(entry)}\n`);
  } finally {
    file.close();
  }
}

/** True for a file whose last line lacks its end. */
function isTorn(path: string): boolean {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a;
  } finally {
    closeSync(fd);
  }
}

import { existsSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RUN_DIRS, RUN_FILES } from '../core/layout.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import { ensureDir } from '../files/create-dir.ts';
import { listArtifacts, type ArtifactEntry } from './file-index.ts';

/**
 * Puts aside what a run has kept after the first `count` entries of its index, for an attempt that goes
 * on from then: it will keep the same again, under the same names. What is in `files/` without an entry
 * is the user's, and stays. If it is cut short, it can be done again.
 * @param aside absolute path of the directory that takes them.
 */
export function cutBackFiles(runDir: string, count: number, aside: string): void {
  const entries = listArtifacts(runDir);
  // What was opened before may be recorded after: it is hashed in the background.
  const isVoid = ({ kind }: ArtifactEntry, i: number): boolean => i >= count && kind !== 'opened';
  const late = entries.filter(isVoid);
  if (late.length === 0) return;
  for (const { file } of late) {
    const path = join(runDir, file);
    // Those of all runs of the experiment lie elsewhere.
    if (!file.startsWith(`${RUN_DIRS.files}/`) || !existsSync(path)) continue;
    ensureDir(dirname(join(aside, file)));
    renameSync(path, join(aside, file));
  }
  ensureDir(aside);
  writeIndex(aside, late);
  writeIndex(
    runDir,
    entries.filter((entry, i) => !isVoid(entry, i)),
  );
}

function writeIndex(dir: string, entries: readonly ArtifactEntry[]): void {
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`);
  writeAtomically(join(dir, RUN_FILES.index), lines.join(''));
}

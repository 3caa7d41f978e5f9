import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ExpError } from '../core/errors.ts';
import {
  checkpointsDir,
  eventFile,
  forkCheckpoint,
  isEventFile,
  RUN_FILES,
} from '../core/layout.ts';
import type { ForkedFrom } from '../core/forked-from.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { tryRead } from '../files/try-read.ts';

/** Where the checkpoint of another run lies in the directory of one that is forked from it. */
export function ownCheckpoint(
  runDir: string,
  { checkpoint, curves }: Pick<ForkedFrom, 'checkpoint' | 'curves'>,
): string {
  return curves ? join(checkpointsDir(runDir), basename(checkpoint)) : forkCheckpoint(runDir);
}

/**
 * Fills the directory of a fork with what it takes along: the checkpoint, and with it the curves and
 * media, which the run's process then cuts back to what stood at the checkpoint. The other run is
 * only read; it may be alive.
 */
export function takeAlong({ dir, id, forkedFrom, resume }: RunSpec): void {
  if (forkedFrom === undefined) return;
  const { checkpoint, curves } = forkedFrom;
  const own = ownCheckpoint(dir, forkedFrom);
  mkdirSync(dirname(own), { recursive: true });
  linkOrCopy(checkpoint, own);
  if (!curves) return;
  const from = dirname(dirname(checkpoint));
  for (const name of [RUN_FILES.progress, RUN_FILES.metrics]) {
    if (existsSync(join(from, name))) copyFileSync(join(from, name), join(dir, name));
  }
  // Older ones are of attempts whose records the newest has, too.
  const events = readdirSync(from).filter(isEventFile).sort().at(-1);
  if (events !== undefined) copyFileSync(join(from, events), join(dir, eventFile(0, id)));
  const kept = resume?.kept;
  copyMedia(from, dir, {
    row: resume?.row ?? -1,
    count: kept === 'all' ? undefined : kept?.['artifacts'],
  });
}

/** A checkpoint is never written again: both runs may have the same bytes. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new ExpError('EXP_CHECKPOINT', `The checkpoint "${from}" is gone. Name another --at.`, {
        cause: error,
      });
    }
    // another file system, or one without links
    copyFileSync(from, to);
  }
}

/** The media that stood at the checkpoint: so many, or those up to its last row. */
function copyMedia(
  from: string,
  to: string,
  { row, count }: { readonly row: number; readonly count: number | undefined },
): void {
  const text = tryRead(join(from, RUN_FILES.media));
  if (text === undefined) return;
  const lines = text.split('\n').slice(0, -1);
  const standing = lines.filter((line, i) =>
    count === undefined ? (JSON.parse(line) as { step: number }).step <= row : i < count,
  );
  for (const line of standing) {
    const { file } = JSON.parse(line) as { file: string };
    if (!existsSync(join(from, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
  writeFileSync(join(to, RUN_FILES.media), standing.map((line) => `${line}\n`).join(''));
}

import { existsSync } from 'node:fs';
import { ExpError } from '../core/errors.ts';
import type { Carried } from '../core/carried.ts';
import { forkCheckpoint } from '../core/layout.ts';
import type { ResumePoint } from '../core/resume-point.ts';
import { listCheckpoints, newestCheckpoint, openCheckpoint, type CheckpointInfo } from './list.ts';
import type { SavedTree } from './saved-tree.ts';

/** Which checkpoint a run goes on from. */
export interface ResumeWish {
  /** The step of the checkpoint; the newest one that is whole unless given. */
  readonly step?: number;
  /** Told of damaged ones. */
  readonly warn: (text: string) => void;
}

/**
 * From where a run can go on; `undefined` if it has no checkpoint that is whole.
 * @throws {ExpError} EXP_CHECKPOINT if there is none of the step that was asked for.
 */
export async function resumePoint(
  runDir: string,
  { step, warn }: ResumeWish,
): Promise<ResumePoint | undefined> {
  if (step === undefined) {
    const newest = newestCheckpoint(runDir, { warn });
    return newest === undefined ? forkPoint(runDir) : resumePointAt(newest);
  }
  const saved = listCheckpoints(runDir);
  const asked = saved.findLast((info) => info.step === step);
  if (asked !== undefined) return resumePointAt(asked);
  const steps = [...new Set(saved.map((info) => info.step))].join(', ');
  const known = steps === '' ? 'The run has none.' : `There are those of the steps ${steps}.`;
  throw new ExpError('EXP_CHECKPOINT', `There is no checkpoint of step ${step}. ${known}`);
}

/** From where a run goes on with this checkpoint. @throws {ExpError} EXP_CHECKPOINT if it is damaged. */
export async function resumePointAt({ file, step }: CheckpointInfo): Promise<ResumePoint> {
  const { rows, kept, files, elapsed } = await carriedIn(openCheckpoint(file).saved, file);
  const known = files === undefined ? {} : { files };
  return { checkpoint: file, step, row: rows.step, kept, ...known, elapsed };
}

/** Where a run begins that has taken the state of another one, and nothing else. */
function forkPoint(runDir: string): ResumePoint | undefined {
  const checkpoint = forkCheckpoint(runDir);
  if (!existsSync(checkpoint)) return undefined;
  const { step } = openCheckpoint(checkpoint).info;
  return { checkpoint, step, row: -1, kept: {}, elapsed: 0, isApart: true };
}

/** What the run itself has put into a checkpoint. @throws {ExpError} EXP_CHECKPOINT if that is missing. */
export async function carriedIn(saved: SavedTree, file: string): Promise<Carried> {
  const carried = (await saved.value(saved.context, 'context')) as Partial<Carried> | null;
  if (carried?.format === 1) return carried as Carried;
  throw new ExpError(
    'EXP_CHECKPOINT',
    `The checkpoint "${file}" is not one of a run that this exptools can go on with.`,
  );
}

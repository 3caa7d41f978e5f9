import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import { numberFromJson } from '../core/json.ts';
import { checkpointsDir, checkpointStep } from '../core/layout.ts';
import { readInfo, readWhole } from './read-file.ts';
import { SavedTree } from './saved-tree.ts';

/** Why a checkpoint was saved: by which part of the policy, or because the run was about to be ended. */
export type CheckpointReason = 'all' | 'last' | 'gap' | 'best' | 'forced';

/** What a checkpoint says about itself. */
export interface CheckpointInfo {
  readonly file: string;
  readonly step: number;
  /** Counts the calls that asked for a checkpoint, over all attempts, from 0. */
  readonly call: number;
  /** ISO 8601. */
  readonly savedAt: string;
  readonly bytes: number;
  readonly reason: CheckpointReason;
  /** What it is judged by, if it is; never NaN. */
  readonly metric?: number;
}

/** A checkpoint that was read, with all its bytes checked. */
export interface Checkpoint {
  readonly info: CheckpointInfo;
  /** The state, made anew: an instance with hooks is what its `toCheckpoint` returned. */
  readonly state: unknown;
  /** What the run keeps for itself. */
  readonly context: unknown;
}

/** A checkpoint whose file is not whole. */
interface Damaged {
  readonly file: string;
  readonly step: number;
  readonly problem: string;
}

/** The checkpoints of a run in the order in which they were saved; damaged ones are left out. */
export function listCheckpoints(runDir: string): CheckpointInfo[] {
  return scan(runDir).whole;
}

/**
 * The newest checkpoint of a run that is whole, all of its bytes checked: with `step`, the newest at or
 * before it. Damaged ones that it would have been are told to `warn`.
 */
export function newestCheckpoint(
  runDir: string,
  { step = Infinity, warn }: { readonly step?: number; readonly warn: (text: string) => void },
): CheckpointInfo | undefined {
  const { whole, damaged } = scan(runDir);
  const candidates = whole.filter((info) => info.step <= step);
  const broken = damaged.filter((one) => one.step <= step);
  let found: CheckpointInfo | undefined;
  while (found === undefined && candidates.length > 0) {
    const info = candidates.pop()!;
    try {
      readWhole(info.file, 'verify');
      found = info;
    } catch (error) {
      broken.push({ file: info.file, step: info.step, problem: messageOf(error) });
    }
  }
  for (const { file, step: at, problem } of broken) {
    if (found !== undefined && at < found.step) continue;
    const instead =
      found === undefined ? 'No whole one is before it' : `The one of step ${found.step} is taken`;
    warn(`The checkpoint "${file}" is damaged: ${problem}. ${instead}.`);
  }
  return found;
}

/**
 * Reads a checkpoint.
 * @throws {ExpError} EXP_CHECKPOINT for one that is missing or damaged, and for a class or codec that
 * its values need and that is not there.
 */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const { info, saved } = openCheckpoint(file);
  return {
    info,
    state: await saved.value(saved.state, 'state'),
    context: await saved.value(saved.context, 'context'),
  };
}

/**
 * Opens a checkpoint without making its values yet.
 * @throws {ExpError} EXP_CHECKPOINT for one that is missing or damaged.
 */
export function openCheckpoint(file: string): {
  readonly info: CheckpointInfo;
  readonly saved: SavedTree;
} {
  try {
    const loaded = readWhole(file);
    return { info: infoOf(file, loaded), saved: new SavedTree(loaded) };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ExpError(
      'EXP_CHECKPOINT',
      isMissing
        ? `There is no checkpoint "${file}".`
        : `The checkpoint "${file}" is damaged: ${messageOf(error)}. Take another one of its directory.`,
      { cause: error },
    );
  }
}

function scan(runDir: string): { whole: CheckpointInfo[]; damaged: Damaged[] } {
  const dir = checkpointsDir(runDir);
  const whole: CheckpointInfo[] = [];
  const damaged: Damaged[] = [];
  for (const name of namesIn(dir)) {
    const step = checkpointStep(name);
    if (step === undefined) continue;
    const file = join(dir, name);
    try {
      whole.push(infoOf(file, readInfo(file)));
    } catch (error) {
      // one that was just removed is none
      if (statSync(file, { throwIfNoEntry: false }) !== undefined) {
        damaged.push({ file, step, problem: messageOf(error) });
      }
    }
  }
  whole.sort((a, b) => a.call - b.call || Date.parse(a.savedAt) - Date.parse(b.savedAt));
  return { whole, damaged };
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return []; // nothing was saved yet
  }
}

function infoOf(file: string, { info, bytes }: { info: unknown; bytes: number }): CheckpointInfo {
  const { step, call, savedAt, reason, metric } = info as CheckpointInfo;
  const judged = numberFromJson(metric);
  return {
    file,
    step,
    call,
    savedAt,
    bytes,
    reason,
    ...(judged !== undefined && { metric: judged }),
  };
}

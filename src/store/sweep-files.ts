import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject, jsonText } from '../core/json.ts';
import { SWEEP_FILES } from '../core/layout.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import type { Objective } from '../core/objective.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { CodeFiles } from '../core/sources.ts';
import type { KeptRequest, SweepSpace } from '../core/sweep-space.ts';
import { createFile, writeAtomically } from '../files/atomic-write.ts';
import { createExclusiveDir } from '../files/create-dir.ts';
import { LauncherLock } from './launcher-lock.ts';

/** What `sweep.json` holds: the plan, frozen before the first run starts. */
export interface SweepPlan {
  readonly format: 1;
  readonly id: string;
  readonly experiment: string;
  readonly createdAt: string;
  /** The process that planned it. Who runs it, its lock says. */
  readonly launcher: ProcessIdentity;
  readonly objective?: Objective;
  /** The swept keys, in the order of the axes. */
  readonly keys: readonly string[];
  readonly repeats: number;
  readonly runs: readonly RunSpec[];
  /** What it was planned from; with both, it can be extended. */
  readonly request?: KeptRequest;
  readonly space?: SweepSpace;
  /** The code as it was when the sweep was planned. */
  readonly code?: CodeFiles;
}

/**
 * Creates a sweep's directory with its plan, and takes the lock of it: no other process starts what
 * this one is about to.
 * @throws {ExpError} EXP_FILE
 */
export function createSweep(dir: string, plan: SweepPlan): LauncherLock {
  createExclusiveDir(dir);
  const lock = new LauncherLock(dir);
  try {
    // Whoever lists sweeps meanwhile sees the whole plan, or no sweep.
    createFile(join(dir, SWEEP_FILES.plan), jsonText(plan));
  } catch (error) {
    lock.release();
    throw new ExpError('EXP_FILE', `Cannot write into "${dir}": ${messageOf(error)}.`, {
      cause: error,
    });
  }
  return lock;
}

/** Replaces the plan of a sweep; readers see the old one or the new one. */
export function replaceSweepPlan(dir: string, plan: SweepPlan): void {
  writeAtomically(join(dir, SWEEP_FILES.plan), jsonText(plan));
}

/**
 * Reads the plan of a sweep.
 * @throws {ExpError} EXP_FILE, with the file's name, if there is none or it is damaged.
 */
export function readSweepPlan(dir: string): SweepPlan {
  const path = join(dir, SWEEP_FILES.plan);
  let plan: unknown;
  try {
    plan = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ExpError('EXP_FILE', `Cannot read "${path}": ${messageOf(error)}.`, { cause: error });
  }
  if (!isPlainObject(plan)) throw damaged(path, 'it holds no object');
  if (plan['format'] !== 1) {
    throw new ExpError(
      'EXP_FILE',
      `"${path}" has format ${String(plan['format'])}; this version of exptools reads format 1.`,
    );
  }
  const missing = Object.entries(PARTS).find(([key, isWell]) => !isWell(plan[key]))?.[0];
  if (missing !== undefined) throw damaged(path, `"${missing}" is missing or wrong`);
  return plan as unknown as SweepPlan;
}

/** The parts that every plan has, and how to tell them. */
const PARTS = {
  id: isText,
  experiment: isText,
  createdAt: isText,
  launcher: isPlainObject,
  keys: (value) => Array.isArray(value) && value.every(isText),
  repeats: Number.isSafeInteger,
  runs: (value) => Array.isArray(value) && value.length > 0 && value.every(isRun),
} as const satisfies Partial<Record<keyof SweepPlan, (value: unknown) => boolean>>;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isRun(value: unknown): boolean {
  if (!isPlainObject(value) || !isText(value['id']) || !isText(value['dir'])) return false;
  const { sweep } = value;
  return isPlainObject(sweep) && isPlainObject(sweep['variant']);
}

function damaged(path: string, what: string): ExpError {
  return new ExpError('EXP_FILE', `"${path}" is damaged: ${what}. Restore it from a copy.`);
}

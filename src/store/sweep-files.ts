import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { jsonText } from '../core/json.ts';
import { SWEEP_FILES } from '../core/layout.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import type { Objective } from '../core/objective.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { createExclusiveDir } from '../files/create-dir.ts';

/** What `sweep.json` holds: the plan, frozen before the first run starts. */
export interface SweepPlan {
  readonly format: 1;
  readonly id: string;
  readonly experiment: string;
  readonly createdAt: string;
  readonly launcher: ProcessIdentity;
  readonly objective?: Objective;
  /** The swept keys, in the order of the axes. */
  readonly keys: readonly string[];
  readonly repeats: number;
  readonly runs: readonly RunSpec[];
}

/** One line of `journal.jsonl`. */
export type JournalEntry =
  | {
      readonly event: 'started';
      readonly run: string;
      /** Counted from 1. */
      readonly attempt: number;
      readonly slot: number;
    }
  | {
      readonly event: 'ended';
      readonly run: string;
      readonly attempt: number;
      readonly status: string;
      readonly reason?: string;
    }
  | {
      readonly event: 'retry';
      readonly run: string;
      /** The attempt to come. */
      readonly attempt: number;
      /** Why there is one. */
      readonly reason: string;
      /** Seconds until it starts, at the earliest. */
      readonly delay: number;
    }
  | { readonly event: 'finished'; readonly status: 'done' | 'failed' | 'interrupted' };

/** Creates a sweep's directory with its plan. @throws {ExpError} EXP_FILE */
export function createSweep(dir: string, plan: SweepPlan): void {
  createExclusiveDir(dir);
  writeFileSync(join(dir, SWEEP_FILES.plan), jsonText(plan), { flag: 'wx' });
}

export function readSweepPlan(dir: string): SweepPlan {
  return JSON.parse(readFileSync(join(dir, SWEEP_FILES.plan), 'utf8')) as SweepPlan;
}

/**
 * Appends to the journal, one line with its time. A line that cannot be written costs the journal
 * that line and nothing else: the runs know their own ends.
 */
export function journal(dir: string, entry: JournalEntry): void {
  const path = join(dir, SWEEP_FILES.journal);
  const line = JSON.stringify({ time: new Date().toISOString(), ...entry });
  try {
    appendFileSync(path, `${line}\n`);
  } catch (error) {
    process.stderr.write(`exptools: ${path} lacks a line: ${messageOf(error)}\n`);
  }
}

import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { RUN_FILES } from '../core/layout.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { ShownStatus } from '../core/status.ts';
import { readSweepPlan, type SweepPlan } from '../store/sweep-files.ts';
import { StoredRun } from '../store/stored-run.ts';
import { findingsOf, type Findings } from './findings.ts';

/** A run of a sweep and what it came to; `waiting` is one that has not started. */
export interface RunResult extends Findings {
  readonly spec: RunSpec;
  readonly status: ShownStatus | 'waiting';
}

/** What the runs of a sweep came to. */
export interface PlanResults {
  readonly plan: SweepPlan;
  /** What the values of the runs are called. */
  readonly metric: string;
  /** All runs of the plan, in its order. */
  readonly runs: readonly RunResult[];
}

/** Results of a plan from those of its runs that are known, by their ids. */
export function resultsOf(plan: SweepPlan, known: ReadonlyMap<string, RunResult>): PlanResults {
  const runs = plan.runs.map(
    (spec) => known.get(spec.id) ?? { spec, status: 'waiting', metrics: {} },
  );
  const found = runs.find(({ metric }) => metric !== undefined)?.metric;
  return { plan, metric: plan.objective?.metric ?? found ?? 'result', runs };
}

/**
 * Reads what the runs of a sweep came to, finished or under way, from its directory and those of its
 * runs, wherever they have been copied to. A damaged run is named on stderr and counts as lost.
 * @throws {ExpError} EXP_FILE if the plan cannot be read.
 */
export function readResults(dir: string): PlanResults {
  const plan = readSweepPlan(dir);
  const known = new Map<string, RunResult>();
  for (const spec of plan.runs) {
    const runDir = join(dir, '../..', spec.id);
    if (!existsSync(join(runDir, RUN_FILES.manifest))) continue;
    known.set(spec.id, read({ ...spec, dir: runDir }));
  }
  return resultsOf(plan, known);
}

function read(spec: RunSpec): RunResult {
  try {
    const { manifest, status } = new StoredRun(spec.dir);
    const { sweep = spec.sweep } = manifest;
    const found = { ...spec, ...(sweep !== undefined && { sweep }) };
    return { spec: found, status, ...findingsOf(status, manifest) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return { spec, status: 'lost', metrics: {} };
  }
}

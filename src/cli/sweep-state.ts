import type { Outcome, RunProgress, Slot } from '../core/launcher.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { StoredRun } from '../store/stored-run.ts';

/** A run that is over. */
export interface FinishedRun extends Outcome {
  readonly ms: number;
  /** The value of the objective, or of the only number in the result. */
  readonly value?: number;
}

/** A run that occupies a slot. */
export interface ActiveRun {
  readonly spec: RunSpec;
  readonly slot: Slot;
  readonly startedAt: number;
  progress?: RunProgress;
}

/** What is known of a sweep while it runs. */
export class SweepState {
  readonly plan: SweepPlan;
  readonly startedAt: number = performance.now();
  readonly active: Map<number, ActiveRun> = new Map();
  readonly finished: FinishedRun[] = [];

  constructor(plan: SweepPlan) {
    this.plan = plan;
  }

  started(spec: RunSpec, slot: Slot): void {
    this.active.set(slot.index, { spec, slot, startedAt: performance.now() });
  }

  progressed(spec: RunSpec, progress: RunProgress): void {
    for (const run of this.active.values()) if (run.spec.id === spec.id) run.progress = progress;
  }

  ended(outcome: Outcome, slot: Slot): FinishedRun {
    const startedAt = this.active.get(slot.index)?.startedAt ?? performance.now();
    this.active.delete(slot.index);
    const value = resultValue(outcome);
    const run = {
      ...outcome,
      ms: performance.now() - startedAt,
      ...(value !== undefined && { value }),
    };
    this.finished.push(run);
    return run;
  }

  /** Runs that ended in any other way than well. */
  get failed(): readonly FinishedRun[] {
    return this.finished.filter(({ status }) => status !== 'completed');
  }

  /** The run with the best value so far. */
  get best(): FinishedRun | undefined {
    const sign = this.plan.objective?.direction === 'minimize' ? 1 : -1;
    return this.finished
      .filter(({ value = Number.NaN }) => !Number.isNaN(value))
      .sort((a, b) => sign * (a.value! - b.value!))[0];
  }

  /** Milliseconds until the end, judged by the runs that are over; `undefined` before the first. */
  get remainingMs(): number | undefined {
    if (this.finished.length === 0) return undefined;
    const elapsed = performance.now() - this.startedAt;
    return (elapsed / this.finished.length) * (this.plan.runs.length - this.finished.length);
  }
}

function resultValue({ spec, status }: Outcome): number | undefined {
  if (status !== 'completed') return undefined;
  const { objective, result } = new StoredRun(spec.dir).manifest;
  if (objective !== undefined) return objective.value;
  if (typeof result === 'number') return result;
  if (typeof result !== 'object' || result === null) return undefined;
  const numbers = Object.values(result).filter((value) => typeof value === 'number');
  return numbers.length === 1 ? numbers[0] : undefined;
}

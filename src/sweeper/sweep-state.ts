import { numberFromJson } from '../core/json.ts';
import type { Outcome, RunProgress, Slot } from '../core/launcher.ts';
import type { Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { tryReadManifest } from '../store/manifest-file.ts';

/** A run that is over. */
export interface FinishedRun extends Outcome {
  readonly ms: number;
  /** The objective, or else the only number in the result, where there is one. */
  readonly metric?: string;
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
  #recalled = 0;

  constructor(plan: SweepPlan) {
    this.plan = plan;
  }

  started(spec: RunSpec, slot: Slot): void {
    this.#forget(spec);
    this.active.set(slot.index, { spec, slot, startedAt: performance.now() });
  }

  progressed(spec: RunSpec, progress: RunProgress): void {
    for (const run of this.active.values()) if (run.spec.id === spec.id) run.progress = progress;
  }

  ended(outcome: Outcome, slot: Slot): FinishedRun {
    const startedAt = this.active.get(slot.index)?.startedAt ?? performance.now();
    this.active.delete(slot.index);
    this.#forget(outcome.spec);
    const run = { ...outcome, ms: performance.now() - startedAt, ...judged(outcome) };
    this.finished.push(run);
    return run;
  }

  /** Takes in a run that was over before this process came to the sweep. */
  recalled(planned: RunSpec, { status, stopReason, elapsed = 0, sweep }: Manifest): void {
    const spec = sweep === undefined ? planned : { ...planned, sweep };
    const reason = stopReason === undefined ? {} : { reason: stopReason };
    const outcome: Outcome = { spec, status, ...reason, stderr: [] };
    this.finished.push({ ...outcome, ms: elapsed * 1000, ...judged(outcome) });
    this.#recalled++;
  }

  /** A run that is tried again has not ended: only its last ending counts. */
  #forget({ id }: RunSpec): void {
    const before = this.finished.findIndex(({ spec }) => spec.id === id);
    if (before >= 0) this.finished.splice(before, 1);
  }

  /** Runs that ended in any other way than well. */
  get failed(): readonly FinishedRun[] {
    return this.finished.filter(({ status }) => status !== 'completed');
  }

  /** What the values of the runs are called. */
  get metric(): string {
    const known = this.finished.find(({ metric }) => metric !== undefined)?.metric;
    return this.plan.objective?.metric ?? known ?? 'result';
  }

  /** The run with the best value so far; without an objective no value is better than another. */
  get best(): FinishedRun | undefined {
    if (this.plan.objective === undefined) return undefined;
    const sign = this.plan.objective.direction === 'minimize' ? 1 : -1;
    return this.finished
      .filter(({ value = Number.NaN }) => !Number.isNaN(value))
      .sort((a, b) => sign * (a.value! - b.value!))[0];
  }

  /** Milliseconds until the end, judged by the runs that are over; `undefined` before the first. */
  get remainingMs(): number | undefined {
    const ended = this.finished.length - this.#recalled;
    if (ended <= 0) return undefined;
    const elapsed = performance.now() - this.startedAt;
    return (elapsed / ended) * (this.plan.runs.length - this.finished.length);
  }
}

function judged({ spec, status }: Outcome): { metric?: string; value?: number } {
  if (status !== 'completed') return {};
  const { objective, result } = tryReadManifest(spec.dir) ?? {};
  if (objective !== undefined) {
    const { metric, value } = objective;
    const number = numberFromJson(value);
    return number === undefined ? { metric } : { metric, value: number };
  }
  const single = numberFromJson(result);
  if (single !== undefined) return { metric: 'result', value: single };
  if (typeof result !== 'object' || result === null) return {};
  const numbers = Object.entries(result).flatMap(([metric, value]) => {
    const number = numberFromJson(value);
    return number === undefined ? [] : [{ metric, value: number }];
  });
  return numbers.length === 1 ? numbers[0]! : {};
}

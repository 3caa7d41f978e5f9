import type { Outcome, RunProgress, Slot } from '../core/launcher.ts';
import type { Manifest } from '../core/manifest.ts';
import { measures } from '../core/objective.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { tryReadManifest } from '../store/manifest-file.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { Durations } from './durations.ts';
import { findingsOf, type Findings } from './findings.ts';
import { Rate } from './rate.ts';
import { estimateRemaining, type Remaining } from './remaining.ts';
import { Standings, type Standing } from './standings.ts';
import { resultsOf, type PlanResults } from './plan-results.ts';

/** A run that is over. */
export interface FinishedRun extends Outcome, Findings {
  /** From its start to its end, in milliseconds. */
  readonly ms: number;
}

/** A run that occupies a slot. */
export interface ActiveRun {
  readonly spec: RunSpec;
  readonly slot: Slot;
  readonly startedAt: number;
  readonly rate: Rate;
  progress?: RunProgress;
}

/** How many runs of a sweep there are, by what became of them. */
export interface SweepCounts {
  readonly total: number;
  readonly completed: number;
  /** That ended in any other way, unless they were interrupted. */
  readonly failed: number;
  readonly interrupted: number;
  readonly running: number;
  /** That have failed and will be tried again. */
  readonly retrying: number;
  /** That have not started. */
  readonly waiting: number;
}

const MOST_TAGS = 20;

/**
 * What is known of a sweep while it runs. A run may end more than once: its last ending counts. What
 * is asked for many times a second is kept up to date, and costs the same however many runs there are.
 */
export class SweepState {
  readonly plan: SweepPlan;
  readonly startedAt: number;
  /** By slot. */
  readonly active: Map<number, ActiveRun> = new Map();
  readonly #clock: () => number;
  readonly #endings = new Map<string, FinishedRun>();
  readonly #retrying = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #tags = new Set<string>();
  readonly #durations = new Durations();
  readonly #standings: Standings;
  readonly #ended = { completed: 0, failed: 0, interrupted: 0 };
  #slots = 0;
  #highestStep = 0;
  #metric: string | undefined;

  /** @param clock tells milliseconds, from whenever. */
  constructor(plan: SweepPlan, clock: () => number = () => performance.now()) {
    this.plan = plan;
    this.#clock = clock;
    this.startedAt = clock();
    this.#standings = new Standings(plan.objective);
    this.#metric = plan.objective?.metric;
    for (const spec of plan.runs) this.#wait(spec);
  }

  started(spec: RunSpec, slot: Slot): ActiveRun {
    this.#forget(spec);
    this.#retrying.delete(spec.id);
    if (this.#waiting.delete(spec.id)) this.#durations.wait(variantOf(spec), -1);
    const run = { spec, slot, startedAt: this.#clock(), rate: new Rate() };
    this.active.set(slot.index, run);
    this.#slots = Math.max(this.#slots, this.active.size);
    return run;
  }

  progressed(spec: RunSpec, progress: RunProgress): ActiveRun | undefined {
    for (const run of this.active.values()) {
      if (run.spec.id !== spec.id) continue;
      run.progress = progress;
      this.#highestStep = Math.max(this.#highestStep, progress.step);
      run.rate.reached(progress.step, this.#clock());
      this.#learnTags(progress);
      return run;
    }
    return undefined;
  }

  ended(outcome: Outcome, slot: Slot): FinishedRun {
    const ms = this.#clock() - (this.active.get(slot.index)?.startedAt ?? this.#clock());
    this.active.delete(slot.index);
    const findings = findingsOf(outcome.status, tryReadManifest(outcome.spec.dir));
    const run = { ...outcome, ...findings, ms };
    this.recorded(run);
    if (run.status !== 'interrupted') this.#durations.learn(variantOf(run.spec), ms);
    return run;
  }

  /** A run that is over counts; nothing is learned from how long it took, which may be long ago. */
  recorded(run: FinishedRun): void {
    const { spec, status, value } = run;
    this.#forget(spec);
    if (this.#waiting.delete(spec.id)) this.#durations.wait(variantOf(spec), -1);
    this.#endings.set(spec.id, run);
    this.#ended[endingOf(status)]++;
    this.#metric ??= run.metric;
    if (value !== undefined) this.#standings.set(spec, value);
  }

  /** A run of the plan that was over before this process began, by what its manifest says. */
  recalled(planned: RunSpec, manifest: Manifest): void {
    const { status, elapsed = 0, stopReason, sweep } = manifest;
    const spec = sweep === undefined ? planned : { ...planned, sweep };
    const reason = stopReason === undefined ? {} : { reason: stopReason };
    const outcome: Outcome = { spec, status, ...reason, stderr: [] };
    this.recorded({ ...outcome, ...findingsOf(status, manifest), ms: elapsed * 1000 });
  }

  /** A run that has ended will be tried again. */
  retrying(spec: RunSpec): void {
    this.#forget(spec);
    this.#retrying.add(spec.id);
    this.#wait(spec);
  }

  /** Runs that are over. */
  get finished(): readonly FinishedRun[] {
    return [...this.#endings.values()];
  }

  /** What all runs of the plan came to so far. */
  get results(): PlanResults {
    return resultsOf(this.plan, this.#endings);
  }

  /** Runs that ended in any other way than well. */
  get failed(): readonly FinishedRun[] {
    return this.finished.filter(({ status }) => status !== 'completed');
  }

  get counts(): SweepCounts {
    const [running, retrying] = [this.active.size, this.#retrying.size];
    const waiting = this.#waiting.size - retrying;
    return { total: this.plan.runs.length, ...this.#ended, running, retrying, waiting };
  }

  /** The highest step that any run has shown. */
  get highestStep(): number {
    return this.#highestStep;
  }

  /** The metrics that runs have shown, those of the objective first, then as they were first seen. */
  get tags(): readonly string[] {
    const tags = [...this.#tags];
    const isJudged = (tag: string): boolean => measures(this.plan.objective, tag);
    return [...tags.filter(isJudged), ...tags.filter((tag) => !isJudged(tag))];
  }

  /** What the values of the runs are called. */
  get metric(): string {
    return this.#metric ?? 'result';
  }

  /** The variant with the best mean so far; without an objective none is better than another. */
  get best(): Standing | undefined {
    return this.#standings.best;
  }

  /** Milliseconds since the sweep began. */
  get elapsedMs(): number {
    return this.#clock() - this.startedAt;
  }

  /** Milliseconds since a run began. */
  elapsedOf({ startedAt }: ActiveRun): number {
    return this.#clock() - startedAt;
  }

  /** Steps a second of a run; `undefined` before its second step. */
  rateOf({ rate }: ActiveRun): number | undefined {
    return rate.perSecond(this.#clock());
  }

  /** How long it will still take, as far as that is known. */
  get remaining(): Remaining | undefined {
    const running = [...this.active.values()].map((run) => ({
      variant: variantOf(run.spec),
      ms: this.elapsedOf(run),
    }));
    const mean = this.#durations.mean(running.map(({ ms }) => ms));
    return estimateRemaining({
      slots: this.#slots,
      waiting: this.#durations.waiting,
      waitingMs: mean === undefined ? undefined : this.#durations.waitingMs(mean, running),
      running: running.map(({ variant, ms }) => ({
        elapsedMs: ms,
        expectedMs: mean === undefined ? undefined : this.#durations.expected(variant, mean),
      })),
    });
  }

  #learnTags({ metrics }: RunProgress): void {
    for (const tag of Object.keys(metrics)) {
      if (this.#tags.size < MOST_TAGS) this.#tags.add(tag);
    }
  }

  #wait(spec: RunSpec): void {
    if (this.#waiting.has(spec.id)) return;
    this.#waiting.add(spec.id);
    this.#durations.wait(variantOf(spec), 1);
  }

  /** Takes back an ending that was not the last. */
  #forget(spec: RunSpec): void {
    const former = this.#endings.get(spec.id);
    if (former === undefined) return;
    this.#endings.delete(spec.id);
    this.#ended[endingOf(former.status)]--;
    if (former.value !== undefined) this.#standings.set(spec, undefined);
  }
}

function variantOf({ sweep }: RunSpec): number {
  return sweep?.variantIndex ?? 0;
}

function endingOf(status: Outcome['status']): 'completed' | 'failed' | 'interrupted' {
  if (status === 'completed') return 'completed';
  return status === 'interrupted' ? 'interrupted' : 'failed';
}

import type { RunStatus } from '../../src/core/status.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Slot } from '../../src/core/launcher.ts';
import type { Objective } from '../../src/core/objective.ts';
import type { SweepPlan } from '../../src/store/sweep-files.ts';
import { SweepState, type FinishedRun } from '../../src/sweeper/sweep-state.ts';
import { specOf } from './spec.ts';

export const MAXIMIZE: Objective = { metric: 'accuracy', direction: 'maximize' };

/** What plans differ in; runs are repetition-major, with ids like `v0-r1`. */
interface PlanOptions {
  readonly repeats?: number;
  readonly objective?: Objective;
}

/** A plan of variants, frozen but not on disk. */
export function planOf(
  variants: readonly JsonObject[],
  { repeats = 1, objective }: PlanOptions = {},
): SweepPlan {
  const runs = Array.from({ length: repeats }, (_, repeat) =>
    variants.map((variant, variantIndex) => {
      const id = `v${variantIndex}-r${repeat}`;
      return specOf({ id, sweep: { id: 'sweep', variant, variantIndex, repeat } });
    }),
  ).flat();
  return {
    format: 1,
    id: '20260101-000000-000_sweep1',
    experiment: 'toy',
    createdAt: '2026-01-01T00:00:00.000Z',
    launcher: { pid: 1, host: 'here' },
    ...(objective !== undefined && { objective }),
    keys: Object.keys(variants[0] ?? {}),
    repeats,
    runs,
  };
}

/** A sweep that goes on as a test says, by a clock that stands still until it is moved. */
export class StagedSweep {
  readonly state: SweepState;
  now = 0;

  constructor(variants: readonly JsonObject[], options?: PlanOptions) {
    this.state = new SweepState(planOf(variants, options), () => this.now);
  }

  start(run: number, slot: number): void {
    this.state.started(this.state.plan.runs[run]!, slotOf(slot));
  }

  progress(run: number, step: number, metrics: Record<string, number> = {}): void {
    this.state.progressed(this.state.plan.runs[run]!, { step, metrics });
  }

  end(run: number, slot: number, status: RunStatus = 'completed', reason?: string): FinishedRun {
    const spec = this.state.plan.runs[run]!;
    const why = reason === undefined ? {} : { reason };
    return this.state.ended({ spec, status, stderr: [], ...why }, slotOf(slot));
  }

  /** A run that came to a value, without having been started here. */
  record(run: number, value: number | undefined, status: RunStatus = 'completed'): FinishedRun {
    const finished: FinishedRun = {
      spec: this.state.plan.runs[run]!,
      status,
      stderr: [],
      ms: 1000,
      metrics: {},
      metric: 'accuracy',
      ...(value !== undefined && { value }),
    };
    this.state.recorded(finished);
    return finished;
  }
}

function slotOf(index: number): Slot {
  return { index, cpus: [] };
}

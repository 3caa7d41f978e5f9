import type { JsonObject } from '../core/json.ts';
import type { Objective } from '../core/objective.ts';
import { isFinished } from '../core/status.ts';
import { mean, sampleStd } from '../stats/moments.ts';
import type { RunResult, PlanResults } from './plan-results.ts';

/** Values of one metric over the repeats of a variant. */
export interface Summary {
  /** NaN for no values. */
  readonly mean: number;
  /** Of the sample; `undefined` for fewer than two values. */
  readonly std: number | undefined;
  readonly n: number;
}

/** A variant and what its repeats came to. */
export interface VariantResult extends Summary {
  readonly variant: JsonObject;
  /** The best value; `undefined` without an objective, or without a value. */
  readonly best: number | undefined;
  /** How many ended in another way than well, those that were interrupted left aside. */
  readonly failed: number;
  /** By repeat. */
  readonly runs: readonly RunResult[];
}

/** All variants of a sweep: the best mean first or, without an objective, in the order of the plan. */
export function variantResults({ plan, runs }: PlanResults): VariantResult[] {
  const byVariant = new Map<number, RunResult[]>();
  for (const run of runs) {
    const index = run.spec.sweep?.variantIndex ?? 0;
    const members = byVariant.get(index);
    if (members === undefined) byVariant.set(index, [run]);
    else members.push(run);
  }
  const results = [...byVariant]
    .sort(([a], [b]) => a - b)
    .map(([, members]) => resultOf(members, plan.objective));
  const { objective } = plan;
  return objective === undefined
    ? results
    : results.sort((a, b) => compare(a, b, signOf(objective)));
}

/** Mean, standard deviation and count of values. */
export function summaryOf(values: readonly number[]): Summary {
  const std = values.length < 2 ? undefined : sampleStd(values);
  return { mean: mean(values), std, n: values.length };
}

/** True if the run will not go on. */
export function isOver({ status }: RunResult): boolean {
  return status !== 'waiting' && (status === 'lost' || isFinished(status));
}

function resultOf(runs: RunResult[], objective: Objective | undefined): VariantResult {
  runs.sort((a, b) => a.spec.sweep!.repeat - b.spec.sweep!.repeat);
  const values = runs.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const known = values.filter((value) => !Number.isNaN(value));
  return {
    variant: runs[0]!.spec.sweep?.variant ?? {},
    ...summaryOf(values),
    best: objective === undefined ? undefined : bestOf(known, signOf(objective)),
    failed: runs.filter((run) => isOver(run) && !isWell(run)).length,
    runs,
  };
}

function isWell({ status }: RunResult): boolean {
  return status === 'completed' || status === 'interrupted';
}

function signOf({ direction }: Objective): 1 | -1 {
  return direction === 'minimize' ? 1 : -1;
}

function bestOf(values: readonly number[], sign: 1 | -1): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((best, value) => (sign * (value - best) < 0 ? value : best));
}

/** Best mean first; variants without any result, or with NaN for one, last. */
function compare(a: Summary, b: Summary, sign: number): number {
  const [left, right] = [Number.isNaN(a.mean), Number.isNaN(b.mean)];
  if (left || right) return Number(left) - Number(right);
  // Infinities differ from themselves by NaN.
  return a.mean === b.mean ? 0 : sign * (a.mean - b.mean);
}

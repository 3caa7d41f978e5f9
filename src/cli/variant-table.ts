import pc from 'picocolors';
import { mean, sampleStd } from '../stats/moments.ts';
import { numberText, table, valueText } from './format.ts';
import type { FinishedRun, SweepState } from '../sweeper/sweep-state.ts';

/** A variant and what its repeats came to. */
interface Row {
  readonly variant: Readonly<Record<string, unknown>>;
  readonly values: readonly number[];
  readonly failed: number;
}

/**
 * One line a variant: the swept values, mean and standard deviation of the result over the repeats
 * that completed, and how many did not. With an objective the best variant comes first, and the best
 * repeat of each is shown; without one the order is that of the plan.
 */
export function variantTable({ plan, finished, metric }: SweepState): string {
  const { keys, objective } = plan;
  const sign = objective?.direction === 'minimize' ? 1 : -1;
  const rows = group(finished);
  if (objective !== undefined) rows.sort((a, b) => compare(a, b, sign));
  const hasFailures = rows.some((row) => row.failed > 0);
  const head = [
    ...keys,
    metric,
    '',
    'n',
    ...(objective ? ['best'] : []),
    ...(hasFailures ? ['failed'] : []),
  ];
  const body = rows.map((row, i) => {
    const best = sign < 0 ? Math.max(...row.values) : Math.min(...row.values);
    const none = row.values.length === 0;
    const cells = [
      ...keys.map((key) => valueText(row.variant[key])),
      none ? '–' : numberText(mean(row.values)),
      row.values.length < 2 ? '' : `± ${numberText(sampleStd(row.values))}`,
      String(row.values.length),
      ...(objective ? [none ? '–' : numberText(best)] : []),
      ...(hasFailures ? [row.failed === 0 ? '' : pc.red(String(row.failed))] : []),
    ];
    return i === 0 && !none && objective ? cells.map((cell) => pc.bold(cell)) : cells;
  });
  const numeric = head.map((_, i) => i).filter((i) => i >= keys.length);
  return table(head, body, numeric);
}

function group(runs: readonly FinishedRun[]): Row[] {
  const byVariant = new Map<number, FinishedRun[]>();
  for (const run of runs) {
    const index = run.spec.sweep!.variantIndex;
    byVariant.set(index, [...(byVariant.get(index) ?? []), run]);
  }
  const inPlanOrder = [...byVariant].sort(([a], [b]) => a - b);
  return inPlanOrder.map(([, members]) => ({
    variant: members[0]!.spec.sweep!.variant,
    values: members.flatMap(({ value }) => (value === undefined ? [] : [value])),
    failed: members.filter(({ status }) => !['completed', 'interrupted'].includes(status)).length,
  }));
}

/** Best mean first; variants without any result, or with NaN for one, last. */
function compare(a: Row, b: Row, sign: number): number {
  const [left, right] = [mean(a.values), mean(b.values)];
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return sign * (left - right);
}

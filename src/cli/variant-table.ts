import pc from 'picocolors';
import { cutMiddle, textWidth } from '../formats/text-width.ts';
import type { PlanResults } from '../sweeper/plan-results.ts';
import { isOver, variantResults, type VariantResult } from '../sweeper/variant-results.ts';
import { numberText, table, valueText } from './format.ts';

/** How much of a table may be shown. */
export interface TableLimits {
  /** Of the terminal: long values are cut to fit. */
  readonly columns?: number;
  /** The most variants. */
  readonly variants?: number;
}

/** A table, and how many lines it could have beside those that it has. */
export interface LimitedTable {
  readonly text: string;
  /** Variants of which runs have ended, left out for lack of room. */
  readonly hidden: number;
  /** Variants of which no run has ended. */
  readonly pending: number;
}

/**
 * One line a variant: the swept values, mean and standard deviation of the result over the repeats
 * that completed, and how many did not. With an objective the best variant comes first, and the best
 * repeat of each is shown; without one the order is that of the plan.
 */
export function variantTable(results: PlanResults, limits: TableLimits = {}): LimitedTable {
  const { columns, variants = Infinity } = limits;
  const { plan, metric } = results;
  const { keys, objective } = plan;
  const all = variantResults(results);
  const begun = all.filter(({ runs }) => runs.some(isOver));
  const shown = begun.slice(0, variants);
  const hasFailures = shown.some(({ failed }) => failed > 0);
  const hasSpread = shown.some(({ std }) => std !== undefined);
  const tail = [
    metric,
    ...(hasSpread ? [''] : []),
    'n',
    ...(objective ? ['best'] : []),
    ...(hasFailures ? ['failed'] : []),
  ];
  const rows = shown.map((result, i) => {
    const cells = [
      ...keys.map((key) => valueText(result.variant[key])),
      result.n === 0 ? '–' : numberText(result.mean),
      ...(hasSpread ? [result.std === undefined ? '' : `± ${numberText(result.std)}`] : []),
      String(result.n),
      ...(objective ? [bestText(result)] : []),
      ...(hasFailures ? [result.failed === 0 ? '' : String(result.failed)] : []),
    ];
    return { cells, isBest: i === 0 && result.n > 0 && objective !== undefined };
  });
  const widths = keyWidths([...keys, ...tail], rows, { keys: keys.length, columns });
  const cut = (cells: readonly string[]): string[] =>
    cells.map((cell, i) => (i < keys.length ? cutMiddle(cell, widths[i]!) : cell));
  const body = rows.map(({ cells, isBest }) => {
    const texts = isBest ? cut(cells).map((cell) => pc.bold(cell)) : cut(cells);
    return hasFailures ? [...texts.slice(0, -1), pc.red(texts.at(-1))] : texts;
  });
  const numeric = tail.map((_, i) => keys.length + i);
  return {
    text: table(cut([...keys, ...tail]), body, numeric),
    hidden: begun.length - shown.length,
    pending: all.length - begun.length,
  };
}

const GAP = 2;
const LEAST_VALUE = 6;

/** Widths of the swept keys: on a terminal the widest give way until all fits. */
function keyWidths(
  head: readonly string[],
  rows: readonly { readonly cells: readonly string[] }[],
  { keys, columns = Infinity }: { readonly keys: number; readonly columns: number | undefined },
): number[] {
  const natural = head.map((name, i) =>
    rows.reduce((most, { cells }) => Math.max(most, textWidth(cells[i]!)), textWidth(name)),
  );
  const widths = natural.slice(0, keys);
  const others = natural.slice(keys).reduce((sum, width) => sum + width + GAP, 0);
  const total = (): number => widths.reduce((sum, width) => sum + width + GAP, others - GAP);
  for (;;) {
    const widest = widths.indexOf(Math.max(...widths));
    if (total() <= columns || widths.length === 0 || widths[widest]! <= LEAST_VALUE) return widths;
    widths[widest]!--;
  }
}

function bestText({ best, n }: VariantResult): string {
  if (n === 0) return '–';
  return best === undefined ? numberText(Number.NaN) : numberText(best);
}

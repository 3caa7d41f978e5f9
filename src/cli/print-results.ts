import type { PlanResults } from '../sweeper/plan-results.ts';
import { report, reportNotes } from './sweep-report.ts';
import type { TableFormat } from './table-format.ts';
import type { TableLimits } from './variant-table.ts';
import { tableText } from './write-table.ts';

/** How results are printed at the end of a sweep. */
interface PrintOptions {
  readonly root: string;
  /** What commands need to find the run root; `undefined` where nothing is kept. */
  readonly flag: string | undefined;
  readonly quiet: boolean;
  /** Where it is chosen, stdout gets the table alone and all of it. */
  readonly table: TableFormat | undefined;
}

/** Prints what a sweep came to: a table, and what to type next. */
export function printResults(results: PlanResults, options: PrintOptions): void {
  const { quiet, table, root, flag } = options;
  if (table === undefined) {
    if (!quiet) process.stdout.write(report(results, { root, flag, limits: terminalLimits() }));
    return;
  }
  process.stdout.write(tableText(results, table));
  if (!quiet) process.stderr.write(reportNotes(results, { root, flag, limits: {} }));
}

const LEAST_VARIANTS = 10;
/** Lines of a terminal that other texts take. */
const OTHER_LINES = 12;

/** What of a table a terminal has room for; all of it goes to files. */
export function terminalLimits(): TableLimits {
  const { isTTY, columns, rows } = process.stdout;
  if (!isTTY) return {};
  return {
    columns: columns || 80,
    variants: Math.max(LEAST_VARIANTS, (rows || 24) - OTHER_LINES),
  };
}

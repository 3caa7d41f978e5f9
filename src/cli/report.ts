import pc from 'picocolors';
import { findSweep } from '../store/find-runs.ts';
import { readResults } from '../sweeper/plan-results.ts';
import { statusText } from './format.ts';
import { terminalLimits } from './print-results.ts';
import { rootFlag } from './project.ts';
import { headline, limitedTable, resultNotes } from './sweep-report.ts';
import type { TableFormat } from './table-format.ts';
import { statusCounts, tableText } from './write-table.ts';

/** The flags of `run-exp report`. */
export interface ReportFlags {
  readonly root: string;
  readonly json?: boolean;
  readonly table?: TableFormat;
}

/**
 * Prints what the variants of a sweep came to so far, as its runs say it.
 * @throws {ExpError} EXP_USAGE for a sweep that is not there.
 */
export async function reportSweep(name: string, flags: ReportFlags): Promise<void> {
  const results = readResults(findSweep(flags.root, name));
  const format = flags.table ?? (flags.json === true ? 'json' : undefined);
  if (format !== undefined) {
    process.stdout.write(tableText(results, format));
    return;
  }
  const statuses = Object.entries(statusCounts(results)).map(
    ([status, count]) => `${count} ${statusText(status)}`,
  );
  const flag = await rootFlag(flags.root);
  const text = [
    headline(results.plan),
    `${statuses.join(pc.dim(' · '))}\n\n`,
    `${limitedTable(results, { flag, limits: terminalLimits() })}\n`,
    ...resultNotes(results).map((note) => `${note}\n`),
  ];
  process.stdout.write(text.join(''));
}

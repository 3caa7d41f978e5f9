import { basename } from 'node:path';
import { ExpError, suggest } from '../core/errors.ts';
import { jsonLine, jsonText } from '../core/json.ts';
import { findSweep, readRuns } from '../store/find-runs.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { runTable, summarize } from './run-table.ts';

/** The flags of `run-exp ls`. */
export interface LsFlags {
  readonly root: string;
  readonly status?: string;
  readonly sweep?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/**
 * Lists runs, oldest first. Words filter: `key=value` by config, any other by experiment.
 * @throws {ExpError} EXP_USAGE for an experiment or sweep without runs.
 */
export function ls(words: readonly string[], flags: LsFlags): void {
  const root = flags.root;
  const all = readRuns(root);
  const experiments = words.filter((word) => !word.includes('='));
  for (const name of experiments) {
    const known = [...new Set(all.map((run) => run.manifest.experiment))];
    if (!known.includes(name)) {
      throw new ExpError(
        'EXP_USAGE',
        `No runs of "${name}" under "${root}". ${suggest(name, known)}`,
      );
    }
  }
  const sweep = flags.sweep === undefined ? undefined : basename(findSweep(root, flags.sweep));
  const filters = words.filter((word) => word.includes('='));
  const runs = all.filter(
    (run) =>
      (experiments.length === 0 || experiments.includes(run.manifest.experiment)) &&
      (flags.status === undefined || run.status === flags.status) &&
      (sweep === undefined || run.manifest.sweep?.id === sweep) &&
      filters.every((filter) => fits(run, filter)),
  );
  const shown = runs.slice(-flags.limit);
  if (flags.json === true) {
    process.stdout.write(jsonText(shown.map(summarize)));
    return;
  }
  if (shown.length === 0) {
    process.stderr.write(`No such runs under ${root}.\n`);
    return;
  }
  const hidden = runs.length - shown.length;
  if (hidden > 0)
    process.stderr.write(`${hidden} older runs are not shown: --limit ${runs.length}\n`);
  process.stdout.write(`${runTable(shown.map(summarize))}\n`);
}

// Compared as text: the filter does not know the schema, and nobody means "0.10" to differ from 0.1.
function fits(run: StoredRun, filter: string): boolean {
  const at = filter.indexOf('=');
  const path = filter.slice(0, at).split('.');
  const text = filter.slice(at + 1);
  if (path.join('.') === 'seed') return String(run.manifest.seed) === text;
  const value = path.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
    run.readConfig().config,
  );
  if (value === undefined) return false;
  if (typeof value === 'number') return value === Number(text);
  return typeof value === 'string' ? value === text : jsonLine(value) === text;
}

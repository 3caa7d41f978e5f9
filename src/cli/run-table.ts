import type { Json } from '../core/json.ts';
import type { ShownStatus } from '../core/status.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { durationText, numberText, statusText, table, valuesText } from './format.ts';

/** A run as one line of a list, and as one object of `--json`. */
export interface RunSummary {
  readonly id: string;
  readonly experiment: string;
  readonly status: ShownStatus;
  readonly name?: string;
  readonly createdAt: string;
  readonly elapsed?: number;
  readonly variant: Readonly<Record<string, unknown>>;
  readonly repeat?: number;
  readonly sweep?: string;
  /** The run whose checkpoint it started from. */
  readonly forkedFrom?: string;
  /** The run it was started in. */
  readonly parent?: string;
  readonly objective?: { readonly metric: string; readonly value?: number };
  readonly result?: Json;
  readonly reason?: string;
  readonly pid?: number;
  readonly host?: string;
  readonly overrides: readonly string[];
  readonly dir: string;
}

/** What tables and JSON say of a stored run. */
export function summarize(run: StoredRun): RunSummary {
  const { manifest, status, dir } = run;
  const { name, elapsed, sweep, parent, objective, result, stopReason, forkedFrom } = manifest;
  const process = manifest.attempts.at(-1)?.process;
  return {
    id: manifest.id,
    experiment: manifest.experiment,
    status,
    ...(name !== undefined && { name }),
    createdAt: manifest.createdAt,
    ...(elapsed !== undefined && { elapsed }),
    variant: sweep?.variant ?? {},
    ...(sweep !== undefined && { repeat: sweep.repeat, sweep: sweep.id }),
    ...(forkedFrom !== undefined && { forkedFrom: forkedFrom.run }),
    ...(parent !== undefined && { parent }),
    ...(objective !== undefined && { objective }),
    ...(result !== undefined && { result }),
    ...(stopReason !== undefined && { reason: stopReason }),
    ...(process !== undefined && { pid: process.pid, host: process.host }),
    overrides: manifest.overrides,
    dir,
  };
}

/** Runs as a table, one a line. */
export function runTable(runs: readonly RunSummary[]): string {
  const rows = runs.map((run) => [
    run.experiment,
    run.id.slice(-6),
    statusText(run.status),
    `${durationText(Date.now() - Date.parse(run.createdAt))} ago`,
    run.elapsed === undefined ? '' : durationText(run.elapsed * 1000),
    // A run outside a sweep is told from others by what its user set.
    [run.name, valuesText(run.variant) || run.overrides.join(' '), forkText(run)]
      .filter(Boolean)
      .join('  '),
    run.repeat === undefined ? '' : `#${run.repeat + 1}`,
    run.parent === undefined ? '' : `in ${run.parent.slice(-6)}`,
    objectiveText(run),
  ]);
  const head = [
    'experiment',
    'run',
    'status',
    'age',
    'took',
    'variant',
    'repeat',
    'parent',
    'objective',
  ];
  const used = head.map((_, i) => i).filter((i) => i < 4 || rows.some((row) => row[i] !== ''));
  return table(
    used.map((i) => head[i]!),
    rows.map((row) => used.map((i) => row[i]!)),
  );
}

function forkText({ forkedFrom }: RunSummary): string {
  return forkedFrom === undefined ? '' : `from ${forkedFrom.slice(-6)}`;
}

function objectiveText({ objective, result }: RunSummary): string {
  if (objective?.value !== undefined) return `${objective.metric} ${numberText(objective.value)}`;
  return typeof result === 'number' ? numberText(result) : '';
}

import { jsonLine, jsonText, type Json } from '../core/json.ts';
import { encodeCsv, type Cell } from '../formats/csv.ts';
import { alignedMarkdownTable } from '../formats/markdown.ts';
import type { PlanResults } from '../sweeper/plan-results.ts';
import {
  isOver,
  summaryOf,
  variantResults,
  type Summary,
  type VariantResult,
} from '../sweeper/variant-results.ts';
import { numberText, valueText } from './format.ts';
import { limitedTable } from './sweep-report.ts';
import type { TableFormat } from './table-format.ts';

/** The whole table of variants in a format. */
export function tableText(results: PlanResults, format: TableFormat): string {
  if (format === 'csv') return csvTable(results);
  if (format === 'markdown') return markdownTable(results);
  if (format === 'json') return jsonTable(results);
  return `${limitedTable(results, { flag: undefined, limits: {} })}\n`;
}

/**
 * The variants of a sweep as CSV, all digits: a column for each swept key, `<metric>_mean`,
 * `<metric>_std`, `n`, `best`, `failed`, `runs` (ids with spaces between), then mean and standard
 * deviation of the other metrics. Columns that share a name with a key end in `_`.
 */
function csvTable(results: PlanResults): string {
  const { plan, metric } = results;
  const variants = variantResults(results);
  const others = otherMetrics(results);
  const taken = new Set(plan.keys);
  const own = (name: string): string => {
    const free = taken.has(name) ? `${name}_` : name;
    if (free !== name) return own(free);
    taken.add(name);
    return name;
  };
  const names = [
    `${metric}_mean`,
    `${metric}_std`,
    'n',
    'best',
    'failed',
    'runs',
    ...others.flatMap((tag) => [`${tag}_mean`, `${tag}_std`]),
  ];
  const rows = variants.map((result): Cell[] => [
    ...plan.keys.map((key) => keyCell(result.variant[key])),
    ...summaryCells(result),
    result.n,
    result.best,
    result.failed,
    result.runs.map(({ spec }) => spec.id).join(' '),
    ...others.flatMap((tag) => summaryCells(metricOf(result, tag))),
  ]);
  return encodeCsv([[...plan.keys, ...names.map(own)], ...rows]);
}

/** The variants of a sweep as a Markdown table, numbers with four digits. */
function markdownTable(results: PlanResults): string {
  const { plan, metric } = results;
  const { keys, objective } = plan;
  const best = objective === undefined ? [] : ['best'];
  const rows = variantResults(results).map((result) => [
    ...keys.map((key) => valueText(result.variant[key])),
    result.n === 0 ? '' : numberText(result.mean),
    numberText(result.std),
    String(result.n),
    ...best.map(() => numberText(result.best)),
    String(result.failed),
  ]);
  const head = [...keys, metric, '±', 'n', ...best, 'failed'];
  return alignedMarkdownTable(head, rows, (column) => column >= keys.length);
}

/** Everything that is known of a sweep and its variants, as JSON with all digits. */
function jsonTable(results: PlanResults): string {
  const { plan, metric, runs } = results;
  const { id, experiment, objective, keys, repeats } = plan;
  const others = otherMetrics(results);
  return jsonText({
    sweep: id,
    experiment,
    objective: objective ?? null,
    metric,
    keys,
    repeats,
    total: runs.length,
    statuses: statusCounts(results),
    variants: variantResults(results).map((result) => ({
      values: result.variant,
      ...summaryFields(result),
      best: result.best ?? null,
      failed: result.failed,
      runs: result.runs.map(({ spec, status, value }) => ({
        id: spec.id,
        repeat: spec.sweep?.repeat,
        status,
        value: value ?? null,
      })),
      metrics: Object.fromEntries(others.map((tag) => [tag, summaryFields(metricOf(result, tag))])),
    })),
  });
}

/** How many runs there are of each status. */
export function statusCounts({ runs }: PlanResults): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of runs) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Metrics that runs have, but for the one the sweep is judged by, as they are first seen. */
function otherMetrics({ runs, metric }: PlanResults): string[] {
  const tags = new Set<string>();
  for (const { metrics } of runs) for (const tag of Object.keys(metrics)) tags.add(tag);
  tags.delete(metric);
  return [...tags];
}

function metricOf({ runs }: VariantResult, tag: string): Summary {
  const values = runs.filter(isOver).map(({ metrics }) => metrics[tag]);
  return summaryOf(values.filter((value) => value !== undefined));
}

function summaryCells({ mean, std, n }: Summary): Cell[] {
  return [n === 0 ? undefined : mean, std];
}

function summaryFields({ mean, std, n }: Summary): object {
  return { mean: n === 0 ? null : mean, std: std ?? null, n };
}

function keyCell(value: Json | undefined): Cell {
  if (value === undefined) return undefined;
  return typeof value === 'object' ? jsonLine(value) : value;
}

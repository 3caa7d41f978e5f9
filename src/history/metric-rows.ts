import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../core/layout.ts';
import { numberFor } from '../core/special-number.ts';
import { readChunks } from '../files/read-chunks.ts';
import { decodeRecord } from '../formats/csv.ts';
import { splitRecords } from '../formats/csv-columns.ts';
import { splitLines } from '../formats/lines.ts';

/** A value of a row; `null` where the row has none. Dates and other texts are texts. */
export type MetricValue = number | bigint | boolean | string | null;

/** One row: `step`, `wall_time`, `elapsed`, and every column that the run has. */
export interface MetricRow {
  readonly step: number;
  readonly wall_time: number;
  readonly elapsed: number;
  readonly [tag: string]: MetricValue;
}

/**
 * The rows of a run, one after the other, however large the file is: those of `progress.csv`, or else
 * of `metrics.jsonl`, which has only the tags that a row has. What is being written is left out.
 */
export function* readRows(dir: string): Generator<MetricRow> {
  const csv = join(dir, RUN_FILES.progress);
  const lines = join(dir, RUN_FILES.metrics);
  if (existsSync(csv)) yield* csvRows(csv);
  else if (existsSync(lines)) yield* jsonRows(lines);
}

function* csvRows(path: string): Generator<MetricRow> {
  let columns: string[] | undefined;
  for (const record of splitRecords(chunksOf(path))) {
    const cells = cellsOf(record);
    if (columns === undefined) {
      columns = cells;
      continue;
    }
    const row: Record<string, MetricValue> = {};
    for (const [i, column] of columns.entries()) row[column] = valueOf(cells[i] ?? '');
    yield row as MetricRow;
  }
}

function* jsonRows(path: string): Generator<MetricRow> {
  for (const line of splitLines(chunksOf(path))) {
    const row = JSON.parse(line.toString()) as Record<string, MetricValue>;
    for (const [tag, value] of Object.entries(row)) {
      if (typeof value === 'string') row[tag] = numberFor(value) ?? value;
    }
    yield row as MetricRow;
  }
}

function chunksOf(path: string): Iterable<Buffer> {
  return readChunks(path, 0, statSync(path).size);
}

/** Rows of numbers, as nearly all are, need no parser. */
function cellsOf(record: Buffer): string[] {
  const text = record.toString();
  return text.includes('"') ? decodeRecord(text) : text.replace(/\r?\n$/, '').split(',');
}

function valueOf(cell: string): MetricValue {
  if (cell === '') return null;
  if (cell === 'true' || cell === 'false') return cell === 'true';
  const number = numberFor(cell) ?? Number(cell);
  if (Number.isNaN(number)) return cell === 'nan' ? number : cell;
  if (cell.trim() === '') return cell;
  // More digits than a number has: a bigint's.
  const isWhole = /^-?\d{16,}$/.test(cell) && String(number) !== cell;
  return isWhole ? BigInt(cell) : number;
}

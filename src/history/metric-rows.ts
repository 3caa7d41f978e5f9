import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../core/layout.ts';
import { ROW_COLUMNS } from '../core/tag.ts';
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

/** One value of a row, and where it stands. */
export interface MetricPoint {
  readonly step: number;
  readonly wallTime: number;
  readonly value: MetricValue;
}

/** The values of one tag, `null` for rows without it: of a CSV file, no other cell is looked at. */
export function* readPoints(dir: string, tag: string): Generator<MetricPoint> {
  const path = join(dir, RUN_FILES.progress);
  if (!existsSync(path)) {
    for (const row of readRows(dir)) {
      yield { step: row.step, wallTime: row.wall_time, value: row[tag] ?? null };
    }
    return;
  }
  const records = csvRecords(path);
  const columns: readonly string[] = records.next().value ?? [];
  const at = columns.indexOf(tag);
  const [step, wallTime] = [columns.indexOf('step'), columns.indexOf('wall_time')];
  if (at < 0) return;
  for (const cells of records) {
    const value = valueOf(cells[at] ?? '');
    yield { step: Number(cells[step]), wallTime: Number(cells[wallTime]), value };
  }
}

/** The tags that the rows of a run have. */
export function readTags(dir: string): string[] {
  const path = join(dir, RUN_FILES.progress);
  const names = new Set<string>();
  if (existsSync(path)) for (const name of csvRecords(path).next().value ?? []) names.add(name);
  else for (const row of readRows(dir)) for (const name of Object.keys(row)) names.add(name);
  for (const column of ROW_COLUMNS) names.delete(column);
  return [...names];
}

function* csvRows(path: string): Generator<MetricRow> {
  const records = csvRecords(path);
  const columns = records.next().value;
  if (columns === undefined) return;
  for (const cells of records) {
    const row: Record<string, MetricValue> = {};
    for (let i = 0; i < columns.length; i++) row[columns[i]!] = valueOf(cells[i] ?? '');
    yield row as MetricRow;
  }
}

/** The header and every whole record after it. */
function* csvRecords(path: string): Generator<string[], undefined> {
  for (const record of splitRecords(chunksOf(path))) yield cellsOf(record);
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

const QUOTE = 0x22;

/** Rows of numbers, as nearly all are, need no parser. */
function cellsOf(record: Buffer): string[] {
  if (record.includes(QUOTE)) return decodeRecord(record.toString());
  return record.toString('utf8', 0, record.length - 1).split(',');
}

function valueOf(cell: string): MetricValue {
  if (cell === '') return null;
  const first = cell.charCodeAt(0);
  // `0x1f` is a text: numbers are never written so.
  if (first === 0x30 && cell.charCodeAt(1) > 0x39) return cell;
  // Digits, as nearly all cells begin with: no word does.
  if (first >= 0x30 && first <= 0x39 && cell.length < 16) {
    const plain = Number(cell);
    return Number.isNaN(plain) ? cell : plain;
  }
  if (cell === 'true' || cell === 'false') return cell === 'true';
  const number = numberFor(cell) ?? Number(cell);
  if (Number.isNaN(number)) return cell === 'nan' ? number : cell;
  if (cell.trim() === '') return cell;
  // More digits than a number has: a bigint's.
  const isWhole = /^-?\d{16,}$/.test(cell) && String(number) !== cell;
  return isWhole ? BigInt(cell) : number;
}

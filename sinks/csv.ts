import type { Row } from '../src/core/record.ts';
import type { Encoded, FileOutput, Sink } from '../src/core/sink.ts';
import { RUN_FILES } from '../src/core/layout.ts';
import { perTags } from '../src/core/per-tags.ts';
import { ROW_COLUMNS } from '../src/core/tag.ts';
import { decodeRecord, encodeCsv, type Cell } from '../src/formats/csv.ts';
import { firstCells, splitRecords, usedCells } from '../src/formats/csv-columns.ts';

/**
 * Writes every row to `progress.csv`, at full precision. Columns stand in the order in which they
 * were first seen; a column that comes late makes the file be rewritten with empty cells before it.
 * A resumed run goes on in the same file, below the rows that still count.
 */
export function csvSink(): Sink {
  return {
    name: 'csv',
    open({ resumedAt = Infinity, kept }) {
      const columns = new Map<string, number>();
      let width = 0; // columns the file has by now; none before there is a header
      let records = 0;
      const positionsOf = perTags((tags) => tags.map((tag) => addColumn(columns, tag)));
      return {
        file: RUN_FILES.progress,
        get records() {
          return records;
        },
        *reopen(earlier) {
          if (kept === 0) return; // nor was there a header
          // A column that only void rows have a cell in is one that nobody has seen yet.
          const limit = kept === undefined ? Infinity : usedWidth(earlier, kept);
          let isWider = false;
          for (const record of splitRecords(earlier)) {
            const isHeader = width === 0;
            if (isHeader) {
              const tags = tagsOf(record);
              isWider = tags.length > limit;
              for (const tag of tags.slice(0, limit)) addColumn(columns, tag);
              width = ROW_COLUMNS.length + columns.size;
            } else {
              if (kept === undefined ? stepOf(record) >= resumedAt : records >= kept) continue;
              records++;
            }
            yield isWider ? firstCells(record, width) : record;
          }
        },
        encode(rows): Encoded {
          records += rows.length;
          // All of them first: the cells of every row need the columns of the last.
          const positions = rows.map((row) => positionsOf(row.tags));
          const append = encodeCsv(rows.map((row, i) => cells(row, positions[i]!, columns.size)));
          const isFirst = width === 0;
          const added = ROW_COLUMNS.length + columns.size - width;
          if (added === 0) return { append };
          width += added;
          const header = encodeCsv([[...ROW_COLUMNS, ...columns.keys()]]);
          return isFirst ? { append: header + append } : { append, widen: { header, added } };
        },
      } satisfies FileOutput;
    },
  };
}

/** Returns the position of the column in a row. */
function addColumn(columns: Map<string, number>, tag: string): number {
  let position = columns.get(tag);
  if (position === undefined) {
    columns.set(tag, (position = ROW_COLUMNS.length + columns.size));
  }
  return position;
}

function cells(row: Row, positions: readonly number[], columns: number): Cell[] {
  const line: Cell[] = [row.step, row.wallTime, row.elapsed];
  for (let i = 0; i < columns; i++) line.push(undefined); // Array.from takes five times as long
  for (let i = 0; i < positions.length; i++) line[positions[i]!] = row.values[i];
  return line;
}

/** The tags a header names. */
function tagsOf(header: Buffer): string[] {
  const names = decodeRecord(header.toString());
  if (ROW_COLUMNS.every((column, i) => names[i] === column)) return names.slice(ROW_COLUMNS.length);
  throw new Error(`${RUN_FILES.progress} has other columns than a run writes: ${names.join(', ')}`);
}

/** How many tags have a cell in the first so many rows, up to the last of those that do. */
function usedWidth(file: Iterable<Uint8Array>, rows: number): number {
  let width = 0;
  let seen = -1; // the header
  for (const record of splitRecords(file)) {
    if (seen >= rows) break;
    if (seen >= 0) width = Math.max(width, usedCells(record) - ROW_COLUMNS.length);
    seen++;
  }
  return width;
}

function stepOf(record: Buffer): number {
  return Number(record.subarray(0, record.indexOf(',')).toString());
}

import type { Row } from '../src/core/record.ts';
import type { Encoded, Sink } from '../src/core/sink.ts';
import { RUN_FILES } from '../src/core/layout.ts';
import { ROW_COLUMNS } from '../src/core/tag.ts';
import { encodeCsv, widenCsv, type Cell } from '../src/formats/csv.ts';

/**
 * Writes every row to `progress.csv`, at full precision. Columns stand in the order in which they
 * were first seen; a column that comes late makes the file be rewritten with empty cells before it.
 */
export function csvSink(): Sink {
  return {
    name: 'csv',
    open() {
      const columns = new Map<string, number>();
      let width = 0; // columns the file has by now
      return {
        file: RUN_FILES.progress,
        encode(rows): Encoded {
          for (const row of rows) addColumns(columns, row);
          const append = encodeCsv(rows.map((row) => cells(row, columns)));
          const added = columns.size - width;
          const isFirst = width === 0;
          if (added === 0 && !isFirst) return { append };
          width = columns.size;
          const header = encodeCsv([[...ROW_COLUMNS, ...columns.keys()]]);
          if (isFirst) return { append: header + append };
          return { append, rewrite: (earlier) => widenCsv(earlier, header, added) };
        },
      };
    },
  };
}

function addColumns(columns: Map<string, number>, row: Row): void {
  for (const tag of row.tags) {
    if (!columns.has(tag)) columns.set(tag, ROW_COLUMNS.length + columns.size);
  }
}

function cells(row: Row, columns: ReadonlyMap<string, number>): Cell[] {
  const line: Cell[] = [row.step, row.wallTime, row.elapsed];
  for (let i = 0; i < columns.size; i++) line.push(undefined); // Array.from takes five times as long
  row.tags.forEach((tag, i) => (line[columns.get(tag)!] = row.values[i]));
  return line;
}

import pc from 'picocolors';
import type { Row, Value } from '../src/core/record.ts';
import type { Sink } from '../src/core/sink.ts';

/** Where the table goes; `process.stdout` is one. */
export interface TextStream {
  write(text: string): unknown;
}

export interface StdoutOptions {
  readonly stream?: TextStream;
  /** The least time between two tables, in milliseconds. Rows in between are not printed. */
  readonly everyMs?: number;
}

/**
 * Prints a row as a small table, grouped by prefix. A loop that logs faster than `everyMs` shows
 * its newest row only; the files keep every one, and the last row of a run is always shown.
 */
export function stdoutSink(options: StdoutOptions = {}): Sink {
  const { stream = process.stdout, everyMs = 1000 } = options;
  return {
    name: 'stdout',
    open() {
      let printedAt = -Infinity;
      let waiting: Row | undefined;
      const print = (row: Row): void => {
        stream.write(rowTable(row));
        waiting = undefined;
      };
      return {
        write(rows) {
          for (const row of rows) {
            waiting = row;
            if ((row.wallTime - printedAt) * 1000 < everyMs) continue;
            printedAt = row.wallTime;
            print(row);
          }
        },
        close() {
          if (waiting !== undefined) print(waiting);
        },
      };
    },
  };
}

/** One row as aligned text: a line for the step, then one line a group. */
function rowTable(row: Row): string {
  const groups = new Map<string, string[]>();
  row.tags.forEach((tag, i) => {
    const slash = tag.lastIndexOf('/');
    const group = tag.slice(0, Math.max(slash, 0));
    const cell = `${pc.dim(tag.slice(slash + 1))} ${valueText(row.values[i]!)}`;
    groups.set(group, [...(groups.get(group) ?? []), cell]);
  });
  const nameWidth = Math.max(0, ...[...groups.keys()].map((name) => name.length));
  const lines = [...groups].map(
    ([name, cells]) => `${name.padEnd(nameWidth)}  ${cells.join('  ')}`,
  );
  const head = `${pc.bold(`step ${row.step}`)}  ${pc.dim(`${row.elapsed.toFixed(1)} s`)}`;
  const isShort = lines.length === 1 && !row.tags[0]?.includes('/');
  if (isShort) return `${head}  ${lines[0]?.trim()}\n`;
  return `${[head, ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

function valueText(value: Value): string {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'nan' : value.toISOString();
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(4)));
}

import { stripVTControlCharacters } from 'node:util';
import { textWidth } from '../formats/text-width.ts';
import { table } from './format.ts';

/** One key and what is said of it, coloured as it will be shown. */
export interface KeyRow {
  /** The key first; it is never cut. */
  readonly cells: readonly string[];
  readonly description?: string;
}

const GAP = 2;
/** A cell is shown in this width before descriptions may stand beside it. */
const WIDE_CELL = 28;
/** Beside descriptions longer cells are cut; without a terminal they move what is behind them. */
const LONG_CELL = 44;
const WIDE_DESCRIPTION = 30;
const LEAST_CELL = 4;

/**
 * Keys as a table, their descriptions last. On a terminal of `columns` long cells are cut, and
 * descriptions are wrapped, or stand below their keys where there is no room beside them.
 */
export function keyTable(
  head: readonly string[],
  rows: readonly KeyRow[],
  columns: number | undefined,
): string {
  const described = rows.some(({ description }) => description !== undefined);
  if (columns === undefined) return unfitted(head, rows, described);
  const width = (i: number): number =>
    Math.max(...[head, ...rows.map(({ cells }) => cells)].map((row) => textWidth(row[i] ?? '')));
  const natural = head.map((_, i) => width(i));
  if (described) {
    const longest = Math.max(...rows.map(({ description }) => textWidth(oneLine(description))));
    const least = Math.min(Math.max(longest, 'description'.length), WIDE_DESCRIPTION);
    const capped = natural.map((size, i) => (i === 0 ? size : Math.min(size, LONG_CELL)));
    const beside = fit(capped, columns - least - GAP);
    if (beside.every((size, i) => i === 0 || size >= Math.min(natural[i]!, WIDE_CELL))) {
      const widths = [...beside, columns - total(beside) - GAP];
      const all = withDescriptions(head, rows);
      return table([...head, 'description'], all, [], { widths, wrapsLast: true });
    }
  }
  const text = table(head, cellsOf(head, rows), [], {
    widths: fit(natural, columns),
    wrapsLast: false,
  }).split('\n');
  return text.flatMap((line, i) => [line, ...below(rows[i - 1], columns)]).join('\n');
}

/**
 * The widths of columns that fit into `columns`: those that are too wide share what there is, the
 * last one getting more of it.
 */
function fit(natural: readonly number[], columns: number): number[] {
  let [key = 0, ...others] = natural;
  while (total([key, ...others]) > columns && Math.max(...others) > LEAST_CELL) {
    const claims = others.map((width, i) => (i === others.length - 1 ? width * 0.6 : width));
    const widest = claims.indexOf(Math.max(...claims));
    others = others.map((width, i) => (i === widest ? width - 1 : width));
  }
  return [key, ...others];
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP, -GAP);
}

function unfitted(head: readonly string[], rows: readonly KeyRow[], described: boolean): string {
  const long: string[] = [];
  const held = (cell: string): string =>
    textWidth(cell) > LONG_CELL ? `\uE000${long.push(cell) - 1}\uE001` : cell;
  const all = described ? withDescriptions(head, rows) : cellsOf(head, rows);
  const last = described ? head.length : head.length - 1;
  const short = all.map((cells) => cells.map((cell, i) => (i < last ? held(cell) : cell)));
  const text = table(described ? [...head, 'description'] : head, short);
  return text
    .replaceAll(/\uE000(\d+)\uE001 */g, (_, i: string) => `${long[Number(i)]}  `)
    .replaceAll(/ +$/gm, '');
}

function withDescriptions(head: readonly string[], rows: readonly KeyRow[]): string[][] {
  return cellsOf(head, rows).map((cells, i) => [...cells, oneLine(rows[i]!.description)]);
}

function cellsOf(head: readonly string[], rows: readonly KeyRow[]): string[][] {
  return rows.map(({ cells }) => head.map((_, i) => cells[i] ?? ''));
}

function below(row: KeyRow | undefined, columns: number): string[] {
  const words = oneLine(row?.description).split(' ').filter(Boolean);
  const indent = `${/^[^\w]*/.exec(stripVTControlCharacters(row?.cells[0] ?? ''))![0]}    `;
  return words
    .reduce<string[]>((lines, word) => {
      const line = lines.at(-1);
      const longer = `${line} ${word}`;
      const fits = line !== undefined && indent.length + textWidth(longer) <= columns;
      return fits ? [...lines.slice(0, -1), longer] : [...lines, word];
    }, [])
    .map((line) => indent.replaceAll(/\S/g, ' ') + line);
}

function oneLine(text = ''): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

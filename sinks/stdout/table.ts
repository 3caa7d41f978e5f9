import type pc from 'picocolors';
import { cutEnd, cutMiddle, textWidth } from '../../src/formats/text-width.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** One metric, as it is shown. */
export interface Cell {
  /** The prefixes of its tag, and what is left of the tag. */
  readonly group: string;
  readonly name: string;
  readonly value: string;
  /** What happened since it was last shown: empty, or a direction and a size. */
  readonly change: string;
  /** How value and change are meant. */
  readonly valueTone: 'plain' | 'alarm';
  readonly changeTone: 'dim' | 'good' | 'bad';
}

/** A row of metrics for people. */
export interface TableRow {
  readonly step: string;
  readonly elapsed: string;
  /** In the order in which they are shown. */
  readonly cells: readonly Cell[];
}

/** Widths of what was shown before, so that one table stands as the last one did. */
export class Widths {
  readonly #widths = new Map<string, number>();

  /** The width, or the widest one that `key` had so far. */
  widest(key: string, width: number): number {
    const widest = Math.max(this.#widths.get(key) ?? 0, width);
    this.#widths.set(key, widest);
    return widest;
  }
}

const GAP = 3;
const INDENT = 2;
const LONGEST_VALUE = 24;
const SHORTEST_NAME = 6;

/**
 * A row as text no wider than `columns`: on one line where it fits, and otherwise a block with a line
 * or more for every group, its cells in columns.
 */
export function tableText(row: TableRow, columns: number, widths: Widths, colors: Colors): string {
  const sized = row.cells.map((cell) => sizedCell(cell, widths));
  const groups = groupsOf(sized);
  return (
    oneLine(row, groups, columns, widths, colors) ?? block(row, groups, columns, widths, colors)
  );
}

interface Sized {
  readonly cell: Cell;
  readonly name: number;
  readonly value: number;
  readonly change: number;
}

type Groups = readonly (readonly [name: string, cells: readonly Sized[]])[];

function sizedCell(cell: Cell, widths: Widths): Sized {
  const tag = `${cell.group}/${cell.name}`;
  const value = cutEnd(cell.value, LONGEST_VALUE);
  return {
    cell: { ...cell, value },
    name: textWidth(cell.name),
    value: widths.widest(`value ${tag}`, textWidth(value)),
    change: widths.widest(`change ${tag}`, textWidth(cell.change)),
  };
}

function groupsOf(cells: readonly Sized[]): Groups {
  const groups = new Map<string, Sized[]>();
  for (const one of cells) {
    const known = groups.get(one.cell.group);
    if (known === undefined) groups.set(one.cell.group, [one]);
    else known.push(one);
  }
  return [...groups];
}

function oneLine(
  { step, elapsed }: TableRow,
  groups: Groups,
  columns: number,
  widths: Widths,
  colors: Colors,
): string | undefined {
  const parts = groups.map(([group, cells]) => {
    const texts = cells.map((one) => cellText(one, one, colors, ' '));
    return [...(group === '' ? [] : [colors.cyan(group)]), ...texts].join('  ');
  });
  const head = [
    colors.bold(pad(`step ${step}`, widths.widest('step', step.length + 5))),
    colors.dim(pad(elapsed, widths.widest('elapsed', elapsed.length), 'right')),
  ].join('  ');
  const line = [head, ...parts].join(' '.repeat(GAP));
  return textWidth(line) <= columns ? line.trimEnd() : undefined;
}

function block(
  { step, elapsed }: TableRow,
  groups: Groups,
  columns: number,
  widths: Widths,
  colors: Colors,
): string {
  const widest = Math.max(0, ...groups.map(([name]) => textWidth(name)));
  const share = Math.min(widest, Math.max(8, Math.floor(columns / 4)));
  const grid = fitGrid(groups, columns - marginOf(share));
  // What a single column of cells leaves over is for names of groups.
  const left = grid.length > 1 ? 0 : columns - marginOf(share) - totalWidth(grid);
  const groupWidth = Math.min(widest, share + Math.max(0, left));
  const margin = marginOf(groupWidth);
  const lines = groups.flatMap(([name, cells]) => {
    const title = pad(cutMiddle(name, groupWidth), groupWidth);
    return inChunks(cells, grid.length).map((chunk, i) => {
      const texts = chunk.map((one, j) => cellText(one, grid[j]!, colors, '  '));
      const start =
        groupWidth === 0 ? '' : `${i === 0 ? colors.cyan(title) : ' '.repeat(groupWidth)}  `;
      return `${' '.repeat(INDENT)}${start}${texts.join(' '.repeat(GAP))}`.trimEnd();
    });
  });
  const width = Math.min(columns, widths.widest('block', Math.max(40, margin + totalWidth(grid))));
  return [ruler(step, elapsed, width, colors), ...lines].join('\n');
}

function marginOf(groupWidth: number): number {
  return INDENT + (groupWidth === 0 ? 0 : groupWidth + 2);
}

/** `── step 120 ──────────── 1 m 23 s ──` */
function ruler(step: string, elapsed: string, width: number, colors: Colors): string {
  const left = ` step ${step} `;
  const right = ` ${elapsed} `;
  const middle = Math.max(2, width - left.length - right.length - 4);
  const line = (length: number): string => colors.dim('─'.repeat(length));
  return `${line(2)}${colors.bold(left)}${line(middle)}${colors.dim(right)}${line(2)}`;
}

type Column = Pick<Sized, 'name' | 'value' | 'change'>;

/** The columns of cells: as many as there is room for, and no more than save a line. */
function fitGrid(groups: Groups, room: number): readonly Column[] {
  const longest = Math.max(1, ...groups.map(([, cells]) => cells.length));
  for (let count = Math.min(longest, Math.max(1, Math.floor(room / 8))); count > 1; count--) {
    if (totalWidth(columnsOf(groups, count)) > room) continue;
    const lines = lineCount(groups, count);
    let fewest = count;
    while (lineCount(groups, fewest - 1) === lines) fewest--;
    return columnsOf(groups, fewest);
  }
  const [only] = columnsOf(groups, 1);
  // Where there is no room for all, names are cut first, then changes go, and values are cut last.
  const { value, change } = only!;
  const left = room - value - change - 4;
  if (left >= SHORTEST_NAME) return [{ ...only!, name: Math.min(only!.name, left) }];
  const shown = Math.min(value, Math.max(SHORTEST_NAME, room - SHORTEST_NAME - 2));
  return [
    {
      name: Math.min(only!.name, Math.max(SHORTEST_NAME, room - shown - 2)),
      value: shown,
      change: 0,
    },
  ];
}

function lineCount(groups: Groups, columns: number): number {
  return groups.reduce((sum, [, cells]) => sum + Math.ceil(cells.length / columns), 0);
}

function columnsOf(groups: Groups, count: number): Column[] {
  const columns = Array.from({ length: count }, () => ({ name: 0, value: 0, change: 0 }));
  for (const [, cells] of groups) {
    cells.forEach((one, i) => {
      const column = columns[i % count]!;
      for (const part of ['name', 'value', 'change'] as const) {
        column[part] = Math.max(column[part], one[part]);
      }
    });
  }
  return columns;
}

function totalWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + cellWidth(column), GAP * (columns.length - 1));
}

function cellWidth({ name, value, change }: Column): number {
  return name + 2 + value + (change === 0 ? 0 : 1 + change);
}

function cellText({ cell }: Sized, column: Column, colors: Colors, gap: string): string {
  const name = pad(cutMiddle(cell.name, column.name), column.name);
  const value = pad(cutEnd(cell.value, column.value), column.value, 'right');
  const shown = cell.valueTone === 'alarm' ? colors.red(value) : value;
  const change = column.change === 0 ? '' : ` ${pad(cell.change, column.change)}`;
  const tone = { dim: colors.dim, good: colors.green, bad: colors.red }[cell.changeTone];
  return `${colors.dim(name)}${gap}${shown}${cell.change === '' ? change : tone(change)}`;
}

function pad(text: string, width: number, side: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return side === 'left' ? text + blanks : blanks + text;
}

function inChunks<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

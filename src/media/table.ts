import { ExpError } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { Table, Text } from '../core/media.ts';
import type { Value } from '../core/record.ts';
import { shown } from './numbers.ts';

/** One cell as it is given; missing ones are empty. */
export type TableCell = Value | null | undefined;

/** Rows as objects, or lists of cells below named columns. */
export type TableSource =
  | readonly Readonly<Record<string, TableCell>>[]
  | { readonly columns: readonly string[]; readonly rows: readonly (readonly TableCell[])[] };

/**
 * Makes a table. Rows that are objects give the columns, in the order in which they are first seen.
 * @throws {ExpError} EXP_LOG for cells that are no values, and rows longer than the columns.
 */
export function makeTable(tag: string, source: TableSource): Table {
  const { columns, rows } = Array.isArray(source)
    ? fromObjects(tag, source as readonly unknown[])
    : checked(tag, source);
  return {
    kind: 'table',
    columns,
    rows: rows.map((row, i) => columns.map((column, c) => cell(tag, row[c], column, i))),
  };
}

/** Makes a text. @throws {ExpError} EXP_LOG if it is none. */
export function makeText(tag: string, text: string): Text {
  if (typeof text === 'string') return { kind: 'text', text };
  throw new ExpError('EXP_LOG', `The text "${tag}" must be a string, got ${shown(text)}.`);
}

interface Cells {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

function fromObjects(tag: string, objects: readonly unknown[]): Cells {
  const columns = new Set<string>();
  for (const [i, row] of objects.entries()) {
    if (!isPlainObject(row)) fail(tag, `must have objects as rows, but row ${i} is ${shown(row)}`);
    for (const column of Object.keys(row)) columns.add(column);
  }
  const names = [...columns];
  const rows = (objects as readonly Record<string, unknown>[]).map((row) =>
    names.map((name) => (Object.hasOwn(row, name) ? row[name] : undefined)),
  );
  return { columns: names, rows };
}

function checked(tag: string, source: unknown): Cells {
  const { columns, rows } = (source ?? {}) as Partial<Cells>;
  if (!Array.isArray(columns) || !Array.isArray(rows)) {
    fail(tag, `must be an array of objects, or { columns, rows }, got ${shown(source)}`);
  }
  const name: unknown = columns.find((column) => typeof column !== 'string');
  if (name !== undefined) fail(tag, `must have names as columns, got ${shown(name)}`);
  rows.forEach((row: unknown, i) => {
    if (!Array.isArray(row)) fail(tag, `must have arrays as rows, but row ${i} is ${shown(row)}`);
    if (row.length > columns.length) {
      fail(tag, `has ${columns.length} columns, but row ${i} has ${row.length} cells`);
    }
  });
  return { columns: [...(columns as string[])], rows: rows as Cells['rows'] };
}

function cell(tag: string, value: unknown, column: string, row: number): Value | null {
  if (value === undefined || value === null) return null;
  const type = typeof value;
  if (type === 'number' || type === 'string' || type === 'boolean' || type === 'bigint') {
    return value as Value;
  }
  if (value instanceof Date) return value;
  return fail(
    tag,
    `takes numbers, booleans, text and dates, but "${column}" of row ${row} is ${shown(value)}`,
  );
}

function fail(tag: string, problem: string): never {
  throw new ExpError('EXP_LOG', `The table "${tag}" ${problem}.`);
}

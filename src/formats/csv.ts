import { parse } from 'csv-parse/sync';
import { stringify, type Options } from 'csv-stringify/sync';
import type { Value } from '../core/record.ts';
import { numberFor } from '../core/special-number.ts';
import { dateText, numberText } from './value-text.ts';

/** One cell; `undefined` is a missing value and becomes an empty cell. */
export type Cell = Value | undefined;

/**
 * Encodes rows as CSV (RFC 4180, lines end in `\n`). Every kind of value has one spelling: numbers
 * with all their digits, `nan`, `inf`, `-inf`, `true`, `false`, dates in ISO 8601, UTC; a date that
 * is none is `nan` too.
 */
export function encodeCsv(rows: readonly (readonly Cell[])[]): string {
  let text = '';
  for (const row of rows) text += encodeNumbers(row) ?? stringify([row], SPELLINGS);
  return text;
}

const SPELLINGS: Options = {
  cast: {
    number: numberText,
    bigint: String,
    boolean: String,
    date: dateText,
  },
};

/**
 * A row of plain numbers and gaps, as nearly all are: nothing to quote, and JSON, which spells these
 * numbers just so, writes a row in a quarter of the time.
 */
function encodeNumbers(row: readonly Cell[]): string | undefined {
  for (const cell of row) {
    const isPlain = Number.isFinite(cell) && !Object.is(cell, -0);
    if (!isPlain && cell !== undefined) return undefined;
  }
  return `${JSON.stringify(row).slice(1, -1).replaceAll('null', '')}\n`;
}

/** Reads CSV as records of text by column. A torn last line is left out. */
export function decodeCsv(text: string): Record<string, string>[] {
  return parse(wholeRecords(text), {
    columns: true,
    relax_column_count: true,
    skip_empty_lines: true,
  });
}

/** Reads one record, as {@link encodeCsv} writes it. */
export function decodeRecord(text: string): string[] {
  return parse(text)[0] ?? [];
}

/** The text up to the last line break that ends a record, one outside of quotes. */
function wholeRecords(text: string): string {
  let end = 0;
  let isQuoted = false;
  for (const { 0: char, index } of text.matchAll(/["\n]/g)) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted) end = index + 1;
  }
  return text.slice(0, end);
}

/** Reads a number as {@link encodeCsv} spells it; `undefined` for an empty cell or other text. */
export function decodeNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = numberFor(text) ?? Number(text);
  return Number.isNaN(value) && text !== 'nan' ? undefined : value;
}

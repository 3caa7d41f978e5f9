import type { Table } from '../core/media.ts';
import type { Value } from '../core/record.ts';
import { padEnd, padStart, textWidth } from './text-width.ts';
import { dateText, numberText } from './value-text.ts';

/** The table in Markdown, as GitHub has it. Columns of numbers stand to the right. */
export function markdownTable({ columns, rows }: Table): string {
  const isNumeric = columns.map((_, i) => rows.every((row) => isNumber(row[i]!)));
  const lines = [
    columns.map(escaped),
    isNumeric.map((numeric) => (numeric && rows.length > 0 ? '---:' : '---')),
    ...rows.map((row) => row.map((value) => escaped(valueText(value)))),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Texts as a table whose source is aligned, too. Columns of which `isRight` says so stand right. */
export function alignedMarkdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isRight: (column: number) => boolean,
): string {
  const cells = [head, ...rows].map((row) => row.map(escaped));
  const widths = head.map((_, i) =>
    cells.reduce((most, row) => Math.max(most, textWidth(row[i]!)), 3),
  );
  const [first, ...others] = cells.map((row) =>
    row.map((cell, i) => (isRight(i) ? padStart : padEnd)(cell, widths[i]!)),
  );
  const rule = widths.map(
    (width, i) => '-'.repeat(width - Number(isRight(i))) + (isRight(i) ? ':' : ''),
  );
  return [first!, rule, ...others].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/** A block of code in Markdown. */
export function codeBlock(language: string, code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${code.endsWith('\n') ? code : `${code}\n`}${fence}\n`;
}

function isNumber(value: Value | null): boolean {
  return value === null || typeof value === 'number' || typeof value === 'bigint';
}

function valueText(value: Value | null): string {
  if (value === null) return '';
  if (value instanceof Date) return dateText(value);
  return typeof value === 'number' ? numberText(value) : String(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;', // would end the cell
};

// Other marks than these have no meaning within a line, and not every reader knows their escapes.
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#&<>|]/g, (mark) => ENTITIES[mark] ?? `\\${mark}`)
    .replace(/\r\n|\r|\n/g, '<br>');
}

import Table from 'cli-table3';
import pc from 'picocolors';
import type { ShownStatus } from '../core/status.ts';
import { mean, sampleStd } from '../stats/moments.ts';
import { padEnd, padStart, textWidth } from '../formats/text-width.ts';

/** A number with four significant digits. */
export function numberText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return value === undefined ? '' : JSON.stringify(value);
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
}

/** `1 core`, `2 cores`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `512 MB`, `7.9 GB`, `24 GB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1e9) return `${Math.round(bytes / 1e6)} MB`;
  const [value, unit] = bytes < 1e12 ? [bytes / 1e9, 'GB'] : [bytes / 1e12, 'TB'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** A config value as a person would write it on the command line, on one line. */
export function valueText(value: unknown): string {
  return typeof value === 'string' && !/\p{Cc}/u.test(value)
    ? value
    : (JSON.stringify(value) ?? 'undefined');
}

/** `lr=0.1 optimizer=sgd`. */
export function valuesText(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${valueText(value)}`)
    .join(' ');
}

/** `850 ms`, `12 s`, `3 m 20 s`, `2 h 5 m`, `3 d 4 h`. */
export function durationText(ms: number): string {
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const;
  const from = units.findIndex(([, size]) => seconds >= size);
  const [[first, size], second] = [units[from]!, units[from + 1]];
  const whole = `${Math.floor(seconds / size)} ${first}`;
  const rest = second === undefined ? 0 : Math.floor((seconds % size) / second[1]);
  return rest === 0 ? whole : `${whole} ${rest} ${second![0]}`;
}

/** As {@link durationText}, without seconds beside ten minutes: `12 m`, `2 h 5 m`. */
export function coarseDurationText(ms: number): string {
  const [whole = '', ...rest] = durationText(Math.max(ms, 1000)).split(/(?<=[a-z]) /);
  return Number.parseInt(whole, 10) >= 10 ? whole : [whole, ...rest].join(' ');
}

/** `0:05`, `12:34`, `1:02:03`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h === 0 ? `${m}:${two(s)}` : `${h}:${two(m)}:${two(s)}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}

/** How often something happens: `310/s`, `1.2k/s`, `5.0/s`, `3.4/min`, `12/h`. */
export function rateText(perSecond: number | undefined): string {
  if (perSecond === undefined || perSecond <= 0) return '';
  if (perSecond < 1 / 60) return `${short(perSecond * 3600)}/h`;
  return perSecond < 0.1 ? `${short(perSecond * 60)}/min` : `${short(perSecond)}/s`;
}

/** A number with two digits, three of large ones: `0.25`, `12`, `310`, `1.2k`, `15M`. */
function short(value: number): string {
  const [size, unit] = value < 999.5 ? [1, ''] : value < 999_500 ? [1e3, 'k'] : [1e6, 'M'];
  const scaled = value / size;
  return `${scaled < 99.5 ? scaled.toPrecision(2) : Math.round(scaled)}${unit}`;
}

/** `0.95 ± 0.01`: the mean and, of several values, their standard deviation. */
export function meanText(values: readonly number[]): string {
  const spread = values.length < 2 ? '' : ` ± ${numberText(sampleStd(values))}`;
  return numberText(mean(values)) + spread;
}

const COLORS: Readonly<Record<string, (text: string) => string>> = {
  running: pc.cyan,
  queued: pc.dim,
  completed: pc.green,
  failed: pc.red,
  lost: pc.red,
  interrupted: pc.yellow,
  timeout: pc.yellow,
};

/** A status in its colour. */
export function statusText(status: ShownStatus): string {
  return (COLORS[status] ?? pc.magenta)(status);
}

/** How wide columns are, where cells may be longer: they are cut, or in the last column wrapped. */
export interface ColumnWidths {
  readonly widths: readonly number[];
  readonly wrapsLast: boolean;
}

/** Columns aligned without lines; numbers are aligned to the right by `right`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
  fixed?: ColumnWidths,
): string {
  const dim = head.map((name) => pc.dim(name));
  if (fixed === undefined && rows.every((row) => !row.some((cell) => cell.includes('\n')))) {
    return aligned([dim, ...rows], right);
  }
  const made = new Table({
    head: dim,
    colAligns: head.map((_, i) => (right.includes(i) ? 'right' : 'left')),
    ...(fixed !== undefined && { colWidths: fixed.widths.map((width) => width + 2) }),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true },
  });
  const cell = (content: string, i: number): string | { content: string; wordWrap: true } =>
    fixed?.wrapsLast === true && i === head.length - 1 ? { content, wordWrap: true } : content;
  made.push(...rows.map((row) => row.map(cell)));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** As the library would, which takes seconds for thousands of rows. */
function aligned(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const sizes = rows.map((row) => row.map(textWidth));
  const width = (i: number): number => sizes.reduce((most, row) => Math.max(most, row[i] ?? 0), 0);
  const widths = rows[0]!.map((_, i) => width(i));
  const lines = rows.map((row) =>
    row.map((cell, i) => (right.includes(i) ? padStart : padEnd)(cell, widths[i]!)).join('  '),
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/** `1.25 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toPrecision(3)} ${['', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

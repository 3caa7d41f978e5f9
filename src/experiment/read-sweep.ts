import { keyPath, pathText } from '../config/path.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import type { Interval, Level, Swept } from '../core/swept.ts';
import { checked } from '../sweep/interval.ts';
import { levelOf } from '../sweep/levels.ts';
import { isInterval } from '../sweep/sample.ts';
import type { Variant } from '../sweep/variants.ts';

/** What a sweep varies, and which points it leaves out. */
export interface Sweep {
  readonly swept: readonly Swept[];
  /** Every variant that has all the values of one of these is left out. */
  readonly exclude: readonly Variant[];
}

/** A sweep as it is written, before anything of it is checked. */
export interface WrittenSweep {
  /** Values by key, every combination of them. */
  readonly axes?: unknown;
  /** Values by key, lists of one length whose items belong together. */
  readonly levels?: unknown;
  readonly exclude?: unknown;
}

/** Reads the text of a key's values. */
export type ReadText = (key: string, text: string) => Swept;

const INTERVAL_KEYS = ['interval', 'log', 'int'];

/**
 * Reads a sweep from code or from a file.
 * @param readText for files, which may say `range(3)`.
 * @throws {ExpError} EXP_SWEEP for anything that is no sweep.
 */
export function readSweep(
  { axes = {}, levels = [], exclude = [] }: WrittenSweep,
  readText?: ReadText,
): Sweep {
  const entries = Object.entries(section(axes, 'The axes of a sweep'));
  return {
    swept: [
      ...entries.map(([key, value]) => axisIn(canonical(key), value, readText)),
      ...list(levels, 'The levels of a sweep').map((level) => levelIn(level, readText)),
    ],
    exclude: list(exclude, 'What a sweep excludes').map((point) => {
      const values = Object.entries(section(point, 'A point that a sweep excludes'));
      if (values.length === 0) throw problem('A point that a sweep excludes names no keys.');
      return Object.fromEntries(values.map(([key, value]) => [canonical(key), value]));
    }),
  };
}

function axisIn(key: string, value: unknown, readText: ReadText | undefined): Swept {
  if (Array.isArray(value)) return levelOf(key, value);
  if (isPlainObject(value) && Object.hasOwn(value, 'interval')) return intervalIn(key, value);
  if (typeof value === 'string' && readText !== undefined) return readText(key, value);
  const forms = `a list of values${readText === undefined ? '' : ', text as in choice(1,2)'}`;
  throw problem(
    `The sweep over "${key}" must be ${forms} or { interval: [low, high] }, got ${jsonLine(value)}.`,
  );
}

function intervalIn(key: string, value: Readonly<Record<string, unknown>>): Interval {
  const unknown = Object.keys(value).find((name) => !INTERVAL_KEYS.includes(name));
  if (unknown !== undefined) {
    throw problem(
      `The interval of "${key}" has an unknown key "${unknown}". ${suggest(unknown, INTERVAL_KEYS)}`,
    );
  }
  const { interval, log: isLog = false, int: isInteger = false } = value;
  const [low, high]: unknown[] = Array.isArray(interval) && interval.length === 2 ? interval : [];
  const areNumbers = typeof low === 'number' && typeof high === 'number';
  if (!areNumbers || typeof isLog !== 'boolean' || typeof isInteger !== 'boolean') {
    throw problem(
      `The interval of "${key}" must be { interval: [low, high] }, with log: true if you like, got ${jsonLine(value)}.`,
    );
  }
  return checked({ key, low, high, isLog, isInteger });
}

function levelIn(level: unknown, readText: ReadText | undefined): Swept {
  const columns = Object.entries(section(level, 'A level of a sweep')).map(([key, value]) =>
    axisIn(canonical(key), value, readText),
  );
  const [first] = columns;
  if (first === undefined) throw problem('A level of a sweep names no keys.');
  if (columns.length === 1) return first;
  return zip(columns.map(listed));
}

function listed(swept: Swept): Level {
  if (!isInterval(swept)) return swept;
  throw problem(
    `"${swept.key}" is an interval, which has no values to go with those of other keys. Sweep it on its own.`,
  );
}

function zip(columns: readonly Level[]): Level {
  const [first] = columns as readonly [Level];
  const other = columns.find(({ rows }) => rows.length !== first.rows.length);
  if (other !== undefined) {
    throw problem(
      `Keys of one level vary together: "${first.keys[0]}" has ${first.rows.length} values, "${other.keys[0]}" ${other.rows.length}.`,
    );
  }
  return {
    keys: columns.flatMap(({ keys }) => keys),
    rows: first.rows.map((_, i) => columns.flatMap(({ rows }) => rows[i]!)),
  };
}

/** The usual spelling of a key. */
function canonical(key: string): string {
  return pathText(keyPath(key));
}

function section(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (isPlainObject(value)) return value;
  throw problem(`${what} must hold keys and values, got ${jsonLine(value)}.`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw problem(`${what} must be a list, got ${jsonLine(value)}.`);
}

function problem(text: string): ExpError {
  return new ExpError('EXP_SWEEP', text);
}

import { ExpError } from '../core/errors.ts';
import { splitOutside } from '../core/split.ts';
import type { Interval } from '../core/swept.ts';
import type { Rng } from '../random/rng.ts';

const TAGS = ['log', 'int'];
const DIGITS = 6;

/** True for a right side that is spelled as an interval, whether it makes sense or not. */
export function looksLikeInterval(text: string): boolean {
  return /^((interval|tag)\(|int\(\s*(interval|tag)\().*\)$/s.test(text.trim());
}

/**
 * Reads `interval(0.1,1)`, `tag(log,interval(0.1,1))` and `int(interval(1,8))`.
 * @throws {ExpError} EXP_SWEEP if it is none.
 */
export function parseInterval(key: string, text: string): Interval {
  const [, name, inside = ''] = /^(\w+)\((.*)\)$/s.exec(text.trim()) ?? [];
  const parts = splitOutside(inside, ',').map((part) => part.trim());
  const inner = parts.at(-1)!;
  if (name === 'int') return checked({ ...parseInterval(key, inside), isInteger: true });
  if (name === 'tag') {
    const tags = parts.slice(0, -1);
    const unknown = tags.find((tag) => !TAGS.includes(tag));
    if (unknown !== undefined || tags.length === 0 || !looksLikeInterval(inner)) {
      throw new ExpError(
        'EXP_SWEEP',
        `"${key}=${text}" is no tagged interval. Write tag(log,interval(low,high)); the tags are ${TAGS.join(' and ')}.`,
      );
    }
    const interval = parseInterval(key, inner);
    const isInteger = interval.isInteger || tags.includes('int');
    return checked({ ...interval, isInteger, isLog: interval.isLog || tags.includes('log') });
  }
  const [low = NaN, high = NaN] = parts.map((part) => (part === '' ? NaN : Number(part)));
  if (name !== 'interval' || parts.length !== 2) throw malformed(key, text);
  return checked({ key, low, high, isLog: false, isInteger: false }, text);
}

/**
 * The same interval, if there is something in it.
 * @throws {ExpError} EXP_SWEEP
 */
export function checked(interval: Interval, text: string = intervalText(interval)): Interval {
  const { key, low, high, isLog, isInteger } = interval;
  // Not even their distance may be infinite.
  if (!Number.isFinite(high - low)) throw malformed(key, text);
  const problem =
    low >= high
      ? `${low} is not below ${high}`
      : isLog && low <= 0
        ? `a logarithm needs numbers above 0`
        : isInteger && Math.ceil(low) > Math.floor(high)
          ? 'there is no whole number in it'
          : undefined;
  if (problem === undefined) return interval;
  throw new ExpError('EXP_SWEEP', `"${key}=${text}" is an empty interval: ${problem}.`);
}

function malformed(key: string, text: string): ExpError {
  return new ExpError(
    'EXP_SWEEP',
    `"${key}=${text}" is no interval. Write interval(low,high) with two numbers.`,
  );
}

/** The text {@link parseInterval} reads. */
export function intervalText({ low, high, isLog, isInteger }: Interval): string {
  const tags = [...(isLog ? ['log'] : []), ...(isInteger ? ['int'] : [])];
  const text = `interval(${low},${high})`;
  return tags.length === 0 ? text : `tag(${tags.join(',')},${text})`;
}

/**
 * A number from the interval, with about six significant digits: it becomes part of names. Integers
 * include both ends.
 */
export function drawFrom({ low, high, isLog, isInteger }: Interval, rng: Rng): number {
  if (isInteger) {
    const [first, last] = [Math.ceil(low), Math.floor(high)];
    // Every integer owns the part of the line around it; the ends own as much as the others.
    const [from, to] = [first - 0.5, last + 0.5];
    const at = isLog ? Math.exp(rng.uniform(Math.log(from), Math.log(to))) : rng.uniform(from, to);
    return within(first, Math.round(at), last) + 0;
  }
  if (isLog) {
    const value = Math.exp(rng.uniform(Math.log(low), Math.log(high)));
    return within(low, Number(value.toPrecision(DIGITS)), high);
  }
  const decimals = DIGITS - 1 - Math.floor(Math.log10(high - low));
  const value = rng.uniform(low, high);
  const rounded =
    decimals <= 0 ? Math.round(value) : Number(value.toFixed(Math.min(100, decimals)));
  return within(low, rounded, high) + 0;
}

function within(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

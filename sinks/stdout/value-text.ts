import type { Value } from '../../src/core/record.ts';
import { wordFor } from '../../src/core/special-number.ts';
import { onOneLine } from '../../src/formats/text-width.ts';
import { dateText } from '../../src/formats/value-text.ts';

/** A value for people: numbers with so many significant digits, text on one line. */
export function valueText(value: Value, digits: number): string {
  if (typeof value === 'number') return numberText(value, digits);
  if (value instanceof Date) return dateText(value);
  return typeof value === 'string' ? onOneLine(value) : String(value);
}

/** A number that is exact in fewer digits has no more of them: `0.1`, but `0.1000` for 0.100001. */
function numberText(value: number, digits: number): string {
  const word = wordFor(value);
  if (word !== undefined) return word;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return String(value);
  const rounded = value.toPrecision(digits);
  if (Number(rounded) === value) return shortest(value);
  // Digits before the point are none too many; an exponent would be longer.
  if (size >= 10 ** (digits - 1) && size < 1e9) return value.toFixed(0);
  return size < 1e-4 || size >= 1e9 ? value.toExponential(digits - 1).replace('e+', 'e') : rounded;
}

function shortest(value: number): string {
  return String(value).replace('e+', 'e');
}

/** How far a number went from an earlier one: `↑0.012`; nothing where the shown digits stay. */
export function changeText(value: Value, earlier: Value | undefined, digits: number): string {
  const [now, before] = [asNumber(value), asNumber(earlier)];
  if (now === undefined || before === undefined) return '';
  if (valueText(value, digits) === valueText(earlier!, digits)) return '';
  const change = now - before;
  if (!Number.isFinite(change)) return '';
  const size = Math.abs(change);
  const shown = Number.isInteger(size) && size < 1e6 ? String(size) : shortSize(size);
  return `${change > 0 ? '↑' : '↓'}${shown}`;
}

function shortSize(size: number): string {
  const isSmall = size < 1e-3 || size >= 1e6;
  if (isSmall) return size.toExponential(1).replace('e+', 'e');
  return size >= 100 ? size.toFixed(0) : size.toPrecision(2);
}

function asNumber(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** `12.3 s`, `1 m 23 s`, `2 h 5 m`. */
export function elapsedText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const [whole, unit, rest, part] =
    seconds < 3600
      ? [seconds / 60, 'm', seconds % 60, 's']
      : [seconds / 3600, 'h', (seconds % 3600) / 60, 'm'];
  return `${Math.floor(whole)} ${unit} ${Math.floor(rest)} ${part}`;
}

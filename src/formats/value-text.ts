import { wordFor } from '../core/special-number.ts';

/** The one spelling of a number in every text file: with all its digits, `nan`, `inf`, `-inf`, `-0`. */
export function numberText(value: number): string {
  return wordFor(value) ?? (Object.is(value, -0) ? '-0' : String(value));
}

/** A date in ISO 8601, UTC; `nan` for one that is none. */
export function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'nan' : date.toISOString();
}

import { isDeepStrictEqual } from 'node:util';

/** How a value differs from its default: there was none, it is another, it is of another type. */
export type Change = 'added' | 'modified' | 'retyped';

/** Compares a value with its default; `undefined` where they are equal. */
export function changeOf(value: unknown, byDefault: unknown): Change | undefined {
  if (byDefault === undefined) return 'added';
  if (isDeepStrictEqual(value, byDefault)) return undefined;
  // A default of null says "none", not that the values are of another type.
  const isRetyped = byDefault !== null && typeOf(value) !== typeOf(byDefault);
  return isRetyped ? 'retyped' : 'modified';
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

import { isPlainObject } from '../core/json.ts';

/** Freezes plain objects and arrays at every depth, and returns the value. */
export function freezeDeep<T>(value: T): T {
  if (!isPlainObject(value) && !Array.isArray(value)) return value;
  for (const inner of Object.values(value)) freezeDeep(inner);
  return Object.freeze(value);
}

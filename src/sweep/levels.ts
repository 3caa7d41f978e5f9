import type { Level } from '../core/swept.ts';

/** The level of a key that varies on its own. */
export function levelOf(key: string, values: readonly unknown[]): Level {
  return { keys: [key], rows: values.map((value) => [value]) };
}

/**
 * Keys that vary together: a variant takes one row. A swept key that varies on its own is a level of
 * one key.
 */
export interface Level {
  /** Dotted paths. */
  readonly keys: readonly string[];
  /** One value for each key. */
  readonly rows: readonly (readonly unknown[])[];
}

/** The level of a key that varies on its own. */
export function levelOf(key: string, values: readonly unknown[]): Level {
  return { keys: [key], rows: values.map((value) => [value]) };
}

/**
 * One value of a row. Missing is not a value: a tag without one is left out of the row.
 * NaN and the infinities are values and stay what they are.
 */
export type Value = number | boolean | string | bigint | Date;

/** One row of metrics: the same step and times for every sink. */
export interface Row {
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** Seconds of work in this run, over all its attempts. */
  readonly elapsed: number;
  /** Full tags, without duplicates; `values[i]` belongs to `tags[i]`. */
  readonly tags: readonly string[];
  readonly values: readonly Value[];
}

/** Levels of text lines, least important first. */
export type TextLevel = 'debug' | 'info' | 'warn' | 'error';

export interface RowOptions {
  /** The x value of the row, a safe integer; the last step plus one unless given. */
  readonly step?: number;
}

/** Metrics by name, before prefixes are joined to them. `undefined` and `null` are left out. */
export type Metrics = Readonly<Record<string, Value | null | undefined>>;

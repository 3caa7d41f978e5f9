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

/** A swept key whose values are drawn at random. */
export interface Interval {
  /** Dotted path. */
  readonly key: string;
  readonly low: number;
  /** Integers include it. */
  readonly high: number;
  /** Every order of magnitude is as likely: for learning rates. */
  readonly isLog: boolean;
  readonly isInteger: boolean;
}

/** What a sweep varies: listed values, or an interval to draw from. */
export type Swept = Level | Interval;

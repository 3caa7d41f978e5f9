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
  /** The sinks that some of these tags are kept from, where there are any. */
  readonly except?: ReadonlyMap<string, readonly string[]>;
}

/** Levels of text lines, least important first. */
export type TextLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a row, or a piece of media, stands. */
export interface RowOptions {
  /** The x value of the row, a safe integer; the last step plus one unless given. */
  readonly step?: number;
}

/** What holds for one key, whatever row it is in. */
export interface KeyOptions {
  /**
   * The least distance in steps between two values of the key: those in between are left out. A row
   * of which nothing is left is not written, but counts as a step.
   */
  readonly every?: number;
  /** Names of sinks that do not get the key. */
  readonly exclude?: readonly string[];
}

/** How to log a row. */
export interface LogOptions extends RowOptions {
  /** As {@link KeyOptions.every}, for each key of the row by itself. */
  readonly every?: number;
  /** Names of sinks that do not get the row, or those that do not get single keys, by key. */
  readonly exclude?: readonly string[] | Readonly<Record<string, readonly string[]>>;
}

/** Metrics by name, before prefixes are joined to them. `undefined` and `null` are left out. */
export type Metrics = Readonly<Record<string, Value | null | undefined>>;

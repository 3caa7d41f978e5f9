import type { Media } from './media.ts';
import type { KeyOptions, LogOptions, Metrics, RowOptions, Value } from './record.ts';

/**
 * What the rows of a run carry on from one to the next, by full tag: plain values, so that a
 * checkpoint can hold them. Rows under construction are no part of it.
 */
export interface RowState {
  /** The step of the last row; -1 before the first. */
  readonly step: number;
  /** The step of the last value of tags that are logged with `every`. */
  readonly lastSteps: Record<string, number>;
  /** The newest values of moving averages, oldest first. */
  readonly windows: Record<string, number[]>;
  /** Sums of counters, and seconds of timers. */
  readonly totals: Record<string, number>;
}

/** How to write a row of full tags. */
export interface WriteOptions extends RowOptions {
  /** What holds for single tags; with it, a row without values only counts as a step. */
  readonly keys?: ReadonlyMap<string, KeyOptions>;
}

/** Takes rows; what the logger needs of a run. */
export interface RowTarget {
  readonly closed: boolean;
  /** Seconds of work in this run so far. */
  readonly elapsed: number;
  /** What the tabular helpers remember; they change it in place. */
  readonly memory: Pick<RowState, 'windows' | 'totals'>;
  /** Writes one row of the given metrics, `prefix` joined to each name. */
  log(prefix: string, metrics: Metrics, options?: LogOptions): void;
  /** Writes one row of full tags and returns its step. */
  write(tags: readonly string[], values: readonly Value[], options?: WriteOptions): number;
  /** Hands on media below a full tag; without a step they belong to the last row. */
  media(tag: string, media: Media, options?: RowOptions): void;
  /** Remembers a row under construction, so that the end of the run can close it. */
  track(pending: PendingRow): void;
  untrack(pending: PendingRow): void;
}

/** A row that `record` fills and `dump` closes. */
export interface PendingRow {
  dump(options?: RowOptions): void;
}

/** What the scope carries of a run. An interface, so that lower floors need not know the class. */
export interface RunContext {
  readonly id: string;
  readonly experiment: string;
  readonly dir: string;
  /** True for a run of which nothing is kept: its directory is removed at the end. */
  readonly ghost: boolean;
  /** A read-only view that tells which keys are read. */
  readonly config: unknown;
  /** The root seed every derived seed comes from. */
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly rows: RowTarget;
  /** True for keys that the schema of the config has, whether this run's config has them or not. */
  declares(path: readonly string[]): boolean;
  /** Records that a function has read a key of the config. */
  noteRead(key: string, by: string): void;
  /** Makes the run end as failed, whatever its main function still does. */
  fail(error: unknown): void;
}

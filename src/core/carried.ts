import type { RowState } from './run-context.ts';
import type { KeptRecords } from './resume-point.ts';
import type { ScopeState } from './scope-state.ts';
import type { Value } from './record.ts';

/** What a run carries on by itself: beside the state of the user's own in every checkpoint. */
export interface Carried {
  readonly format: 1;
  readonly rows: RowState;
  readonly summary: Readonly<Record<string, Value>>;
  /** What each sink had by then. */
  readonly kept: KeptRecords;
  /** How many entries the index of the user's own files had. */
  readonly files?: number;
  /** Seconds of work, over all attempts. */
  readonly elapsed: number;
  /** Of the generator behind `Math.random`, where the run has one. */
  readonly globals?: readonly number[];
  /** The calls on the way to the one that took the checkpoint, outermost first. */
  readonly scopes: readonly ScopeState[];
  /** The interim result. */
  readonly result?: unknown;
  /** What of it was recorded: what main returns is added to that. */
  readonly recorded?: unknown;
  /** Config keys that the code has read, and by which functions. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
}

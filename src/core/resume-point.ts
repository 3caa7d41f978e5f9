/** How many records of each sink stand, by the name of the sink; one that is not named is cut by step. */
export type KeptRecords = Readonly<Record<string, number>>;

/**
 * From where a run goes on: decided before its process starts, and part of its spec. Whatever earlier
 * attempts have written after that point is void.
 */
export interface ResumePoint {
  /** Absolute path of the checkpoint whose state `run.restore()` gives; absent where none is used. */
  readonly checkpoint?: string;
  /** The step of that checkpoint; -1 where none is used. */
  readonly step: number;
  /** The step of the last row that stands; -1 for none. */
  readonly row: number;
  /** What stands in the files of the run's directory; `all` for an attempt that only adds to them. */
  readonly kept: KeptRecords | 'all';
  /** How many entries of the index of the user's own files stand; all unless given. */
  readonly files?: number;
  /** Seconds of work up to that point, over all attempts: the clock of the run goes on from here. */
  readonly elapsed: number;
  /**
   * True where `run.restore()` gives the state alone: the rows, the clock and the generators of this
   * attempt are its own.
   */
  readonly isApart?: true;
}

import type { SweepEnding, SweepListener } from '../sweeper/execute-sweep.ts';

/** What is said when a sweep begins. */
export interface SweepBeginning {
  /** The directory of the sweep. */
  readonly dir: string;
  /** Runs at once. */
  readonly slots: number;
  /** Lines, with their line breaks. */
  readonly notes: readonly string[];
}

/** Shows a sweep while it runs. */
export interface SweepProgress extends SweepListener {
  begin(sweep: SweepBeginning): void;
  /** Prints a text for people, which ends with a line break, between what is shown. */
  say(text: string): void;
  /** @param ending `undefined` if the sweep could not be executed. */
  end(ending: SweepEnding | undefined): void;
}

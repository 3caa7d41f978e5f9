/** Which of the checkpoints that a run asks for are saved. */
export type CheckpointMode = 'all' | 'last' | 'gap' | 'last+gap' | 'best' | 'none';

/** Which checkpoints are saved, and which of them stay. */
export interface CheckpointPolicy {
  readonly mode: CheckpointMode;
  /** For `gap` and `last+gap`: saves the first call and then every so manieth, over all attempts. */
  readonly gap?: number;
  /** How many stay: for `last` (1), `best` (1, besides the newest), and of `all` and the gap (all). */
  readonly keep?: number;
  /** For `best`: the tag whose last value judges. */
  readonly metric?: string;
  /** For `best`: `minimize` unless given. */
  readonly direction?: 'minimize' | 'maximize';
}

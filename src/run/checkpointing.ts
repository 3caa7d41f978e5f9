import type { CheckpointInfo } from '../checkpoint/list.ts';

/** What a checkpoint is of. */
export interface CheckpointOptions {
  /** The step it is of: that of the last row unless given. */
  readonly step?: number;
  /** What the policy `best` judges it by: the last value of the policy's metric unless given. */
  readonly metric?: number;
}

/** What saves the state of a run and brings it back; what a run needs of it. */
export interface Checkpointing {
  /** The step of the checkpoint that this attempt goes on from. */
  readonly resumedFrom: number | undefined;
  /** True once somebody has asked for the end of the run. */
  readonly isPreempted: boolean;
  save(state: unknown, options: CheckpointOptions): Promise<CheckpointInfo | undefined>;
  restore(into: unknown): Promise<unknown>;
}

import type { Json } from './json.ts';

/** Where a run has begun that started from another's checkpoint. */
export interface ForkedFrom {
  /** The id of the other run. */
  readonly run: string;
  /** Of the checkpoint. */
  readonly step: number;
  /** Absolute path of the checkpoint, as it was then. */
  readonly checkpoint: string;
  /** False where its curves were left behind. */
  readonly curves: boolean;
  /** The config keys that differ from that run's, by path: the values then and now. */
  readonly changes: Readonly<Record<string, { readonly from?: Json; readonly to?: Json }>>;
}

import type { MediaRecord } from '../core/media.ts';
import type { Row, Value } from '../core/record.ts';
import type { RunEnding, Sink } from '../core/sink.ts';

/** A sink that keeps what it gets, for tests to look at. */
export interface MemorySink extends Sink {
  readonly rows: readonly Row[];
  readonly media: readonly MediaRecord[];
  /** How the runs ended that it was open for, in the order in which they did. */
  readonly endings: readonly RunEnding[];
  /** Rows as plain objects: the step and the metrics. */
  table(): Record<string, Value>[];
}

/** Makes a {@link MemorySink}. Rows reach it at the latest when the run is over. */
export function memorySink(name = 'memory'): MemorySink {
  const rows: Row[] = [];
  const media: MediaRecord[] = [];
  const endings: RunEnding[] = [];
  return {
    name,
    rows,
    media,
    endings,
    open: () => ({
      write: (batch) => void rows.push(...batch),
      writeMedia: (record) => void media.push(record),
      close: (ending) => void endings.push(ending),
    }),
    table: () =>
      rows.map(({ step, tags, values }) =>
        Object.fromEntries([['step', step], ...tags.map((tag, i) => [tag, values[i]!])]),
      ),
  };
}

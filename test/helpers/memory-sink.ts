import type { Row, Value } from '../../src/core/record.ts';
import type { Sink } from '../../src/core/sink.ts';

export interface MemorySink extends Sink {
  readonly rows: Row[];
  /** Rows as plain objects: the step and the metrics. */
  table(): Record<string, Value>[];
}

/** A sink that keeps its rows, as a third party would write one. */
export function memorySink(name = 'memory'): MemorySink {
  const rows: Row[] = [];
  return {
    name,
    rows,
    open: () => ({ write: (batch) => void rows.push(...batch) }),
    table: () =>
      rows.map(({ step, tags, values }) =>
        Object.fromEntries([['step', step], ...tags.map((tag, i) => [tag, values[i]!])]),
      ),
  };
}

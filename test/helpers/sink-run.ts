import type { Row, Value } from '../../src/core/record.ts';
import type { RunEnding, SinkRun } from '../../src/core/sink.ts';

/** What sinks are told of a run whose files lie in `dir`. */
export function sinkRun(dir: string, given: Partial<SinkRun> = {}): SinkRun {
  return {
    id: 'the-run',
    experiment: 'toy',
    dir,
    startedAt: Date.now() / 1000,
    config: {},
    parameters: [],
    ...given,
  };
}

/** A row with these metrics. */
export function rowOf(step: number, metrics: Readonly<Record<string, Value>>): Row {
  const [tags, values] = [Object.keys(metrics), Object.values(metrics)];
  return { step, wallTime: Date.now() / 1000, elapsed: step / 10, tags, values };
}

/** The end of a run that went well. */
export const COMPLETED: RunEnding = { status: 'completed', endedAt: 0, summary: {} };

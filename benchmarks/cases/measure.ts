import { quantile } from '../quantile.ts';

/** One way to log, measured once. */
export interface Sample {
  /** From the first row to the end of the closing call, the making of the rows left out. */
  readonly scalarsPerSecond: number;
  /** Of one call in the user's loop, in microseconds. */
  readonly medianUs: number;
  readonly meanUs: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
}

export interface Workload {
  readonly rows: number;
  /** Scalars a row. */
  readonly keys: number;
}

/** The names of `count` metrics. */
export function metricNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `metric_${i}`);
}

/** A row of fresh doubles: V8 remembers how it spelled a number, so repeated ones look too cheap. */
export function freshRow(names: readonly string[]): Record<string, number> {
  const row: Record<string, number> = {};
  for (const name of names) row[name] = Math.random();
  return row;
}

/** Logs fresh rows in a loop that never yields, then closes. */
export async function measure(
  { rows, keys }: Workload,
  log: (row: Record<string, number>) => unknown,
  close: () => unknown,
): Promise<Sample> {
  const names = metricNames(keys);
  const calls = new Float64Array(rows);
  let making = 0;
  const from = performance.now();
  for (let i = 0; i < rows; i++) {
    const before = performance.now();
    const row = freshRow(names);
    const start = performance.now();
    log(row);
    calls[i] = performance.now() - start;
    making += start - before;
  }
  await close();
  const seconds = (performance.now() - from - making) / 1000;
  return {
    scalarsPerSecond: (rows * keys) / seconds,
    medianUs: quantile(calls, 0.5) * 1000,
    meanUs: (calls.reduce((sum, ms) => sum + ms, 0) / rows) * 1000,
    p99Us: quantile(calls, 0.99) * 1000,
    p999Us: quantile(calls, 0.999) * 1000,
    maxUs: quantile(calls, 1) * 1000,
  };
}

import { mkdtempSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger, openRun, stdoutSink, type SinkChoice } from 'exptools';
import { quantile } from './quantile.ts';

/** One way to log, measured once. */
export interface Sample {
  /** Over the whole loop and the closing of the run. */
  readonly scalarsPerSecond: number;
  /** Of one call in the user's loop, in microseconds. */
  readonly medianUs: number;
  readonly p99Us: number;
  readonly maxUs: number;
}

export interface Workload {
  readonly rows: number;
  readonly keys: number;
}

const NAMES = Array.from({ length: 100 }, (_, i) => `metric_${i}`);

/** A row of fresh doubles: V8 remembers how it spelled a number, so repeated ones look too cheap. */
export function freshRow(keys: number): Record<string, number> {
  const row: Record<string, number> = {};
  for (let i = 0; i < keys; i++) row[NAMES[i]!] = Math.random();
  return row;
}

/** Logs the workload to the given sinks in a run of its own. */
export async function measureSinks(sinks: readonly SinkChoice[], load: Workload): Promise<Sample> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    const run = await openRun({ name: 'bench', root, sinks });
    const sample = await measure(
      load,
      (row) => logger.log(row),
      () => run.close(),
    );
    return sample;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The loop without any logging: what the machine and the making of rows cost by themselves. */
export function measureEmptyLoop(load: Workload): Promise<Sample> {
  let sum = 0;
  return measure(
    load,
    (row) => (sum += row['metric_0']!),
    async () => void sum,
  );
}

/** Writes as many bytes as the CSV and event files take, in 64 KiB blocks: the physical limit. */
export async function measureBareWrites(load: Workload): Promise<Sample> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  const block = Buffer.alloc(65_536, 'x');
  const rowsPerBlock = Math.round(65_536 / (load.keys * 43));
  const fd = openSync(join(root, 'bytes'), 'w');
  let rows = 0;
  const log = (): void => {
    if (++rows % rowsPerBlock === 0) writeSync(fd, block);
  };
  try {
    return await measure(load, log, async () => closeSync(fd));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Sinks as a user has them, with the table going to a file. */
export function sinksOf(...names: readonly ('csv' | 'tensorboard' | 'stdout')[]): SinkChoice[] {
  return names.map((name) => (name === 'stdout' ? stdoutSink({ stream: nowhere }) : name));
}

const devNull = openSync('/dev/null', 'w');
const nowhere = { write: (text: string) => writeSync(devNull, text) };

async function measure(
  { rows, keys }: Workload,
  log: (row: Record<string, number>) => unknown,
  close: () => Promise<void>,
): Promise<Sample> {
  const calls = new Float64Array(rows);
  let making = 0;
  const from = performance.now();
  for (let i = 0; i < rows; i++) {
    const before = performance.now();
    const row = freshRow(keys);
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
    p99Us: quantile(calls, 0.99) * 1000,
    maxUs: quantile(calls, 1) * 1000,
  };
}

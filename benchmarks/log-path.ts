import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger, openRun, stdoutSink, type SinkChoice } from 'exptools';
import { quantile } from './quantile.ts';

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
  /**
   * Processor time of all threads a row, in microseconds, the making of the row included: what other
   * programs do meanwhile shows less in it.
   */
  readonly cpuUs: number;
}

export interface Workload {
  readonly rows: number;
  /** Scalars a row. */
  readonly keys: number;
}

type SinkName = 'csv' | 'tensorboard' | 'stdout';

const NAMES = Array.from({ length: 100 }, (_, i) => `metric_${i}`);

/** A row of fresh doubles: V8 remembers how it spelled a number, so repeated ones look too cheap. */
export function freshRow(keys: number): Record<string, number> {
  const row: Record<string, number> = {};
  for (let i = 0; i < keys; i++) row[NAMES[i]!] = Math.random();
  return row;
}

/** Sinks as a user has them, with the table going to a file; it has no name and leaves nothing behind. */
export function sinksOf(...names: readonly SinkName[]): SinkChoice[] {
  const path = join(tmpdir(), `exptools-bench-${process.pid}.txt`);
  const fd = openSync(path, 'w');
  rmSync(path);
  const stream = { write: (text: string) => writeSync(fd, text) };
  return names.map((name) => (name === 'stdout' ? stdoutSink({ stream }) : name));
}

/** Logs the workload in a run of its own. `bytes` is the size of its files of metrics. */
export async function measureSinks(
  names: readonly SinkName[],
  load: Workload,
  dir: string,
): Promise<Sample & { readonly bytes: number }> {
  const run = await openRun({ name: 'bench', root: dir, sinks: sinksOf(...names) });
  const sample = await measure(
    load,
    (row) => logger.log(row),
    () => run.close(),
  );
  if (names.includes('csv')) checkRows(join(run.dir, 'progress.csv'), load.rows);
  const files = readdirSync(run.dir).filter((name) => /^(progress\.csv|events\.)/.test(name));
  const bytes = files.reduce((sum, name) => sum + statSync(join(run.dir, name)).size, 0);
  return { ...sample, bytes };
}

/** Speed counts only when nothing is lost. */
function checkRows(path: string, rows: number): void {
  const bytes = readFileSync(path);
  let lines = -1; // the header is none
  for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', at + 1)) lines++;
  if (lines !== rows) throw new Error(`${path} holds ${lines} rows of ${rows}`);
}

/** The loop without any logging: what the machine costs by itself. */
export function measureEmptyLoop(load: Workload): Promise<Sample> {
  let sum = 0;
  return measure(
    load,
    (row) => (sum += row['metric_0']!),
    () => void sum,
  );
}

const BLOCK = 65_536;

/** Writes so many bytes a row in blocks of 64 KiB: the physical limit. */
export function measureBareWrites(
  load: Workload,
  dir: string,
  bytesPerRow: number,
): Promise<Sample> {
  const block = Buffer.alloc(BLOCK, 'x');
  const fd = openSync(join(dir, 'bytes'), 'w');
  let filled = 0;
  const log = (): void => {
    for (filled += bytesPerRow; filled >= BLOCK; filled -= BLOCK) writeSync(fd, block);
  };
  return measure(load, log, () => {
    writeSync(fd, block, 0, Math.round(filled));
    closeSync(fd);
  });
}

/** Logs fresh rows in a loop that never yields, then closes. */
export async function measure(
  { rows, keys }: Workload,
  log: (row: Record<string, number>) => unknown,
  close: () => unknown,
): Promise<Sample> {
  const calls = new Float64Array(rows);
  let making = 0;
  const cpuFrom = process.cpuUsage();
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
  const cpu = process.cpuUsage(cpuFrom);
  return {
    scalarsPerSecond: (rows * keys) / seconds,
    medianUs: quantile(calls, 0.5) * 1000,
    meanUs: (calls.reduce((sum, ms) => sum + ms, 0) / rows) * 1000,
    p99Us: quantile(calls, 0.99) * 1000,
    p999Us: quantile(calls, 0.999) * 1000,
    maxUs: quantile(calls, 1) * 1000,
    cpuUs: (cpu.user + cpu.system) / rows,
  };
}

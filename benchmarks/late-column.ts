import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger, openRun } from 'exptools';
import { quantile } from './quantile.ts';
import { freshRow, type Workload } from './log-path.ts';

/** A loop that logs rows while one thing or another happens. */
export interface Stretch {
  readonly rows: number;
  readonly seconds: number;
  /** From one turn of the loop to the next, in microseconds. */
  readonly medianUs: number;
  readonly p999Us: number;
  /** The longest stall. */
  readonly maxUs: number;
}

export interface LateColumn {
  readonly megabytes: number;
  /** Three stretches of the same length, turn by turn. */
  readonly empty: Stretch;
  readonly logging: Stretch;
  readonly widening: Stretch;
  /** From the first value of the new column to the file that has it, in seconds. */
  readonly seconds: number;
}

/**
 * Fills `progress.csv` and then logs a metric that it has no column for, in a loop that never
 * yields.
 */
export async function measureLateColumn({ rows, keys }: Workload): Promise<LateColumn> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    const run = await openRun({ name: 'bench', root, sinks: ['csv'] });
    for (let i = 0; i < rows; i++) logger.log(freshRow(keys));
    const file = join(run.dir, 'progress.csv');
    const before = statSync(file);
    const widening = stretch(
      () => logger.log({ ...freshRow(keys), late: Math.random() }),
      (turn) => turn % 100 > 0 || statSync(file).ino === before.ino,
    );
    const same = (turn: number): boolean => turn < widening.rows;
    const logging = stretch(() => logger.log({ ...freshRow(keys), late: Math.random() }), same);
    let sum = 0;
    const empty = stretch(() => (sum += freshRow(keys)['metric_0']!), same);
    await run.close();
    if (existsSync(`${file}.tmp`) || Number.isNaN(sum)) throw new Error('the copy was left behind');
    const megabytes = Math.round(before.size / 1e6);
    return { megabytes, empty, logging, widening, seconds: widening.seconds };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const gaps = new Float64Array(20_000_000);

function stretch(turn: () => unknown, goesOn: (turn: number) => boolean): Stretch {
  const from = performance.now();
  let last = from;
  let rows = 0;
  do {
    turn();
    const now = performance.now();
    gaps[rows++] = now - last;
    last = now;
  } while (goesOn(rows));
  const taken = gaps.subarray(0, rows);
  return {
    rows,
    seconds: (last - from) / 1000,
    medianUs: quantile(taken, 0.5) * 1000,
    p999Us: quantile(taken, 0.999) * 1000,
    maxUs: quantile(taken, 1) * 1000,
  };
}

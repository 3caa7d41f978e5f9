import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { logger, openRun } from 'exptools';
import { freshRow, sinksOf } from './log-path.ts';

/** The memory of the process after so many scalars in one run, in megabytes. */
export interface Memory {
  readonly scalars: number;
  readonly rss: number;
  readonly heap: number;
}

/** Logs rows to all three sinks in one run, and looks at the memory at each of these counts. */
export async function measureMemory(counts: readonly number[], keys: number): Promise<Memory[]> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    const run = await openRun({
      name: 'bench',
      root,
      sinks: sinksOf('csv', 'tensorboard', 'stdout'),
    });
    const seen: Memory[] = [];
    let scalars = 0;
    for (const count of counts) {
      for (; scalars < count; scalars += keys) logger.log(freshRow(keys));
      const { rss, heapUsed } = process.memoryUsage();
      seen.push({ scalars, rss: Math.round(rss / 2 ** 20), heap: Math.round(heapUsed / 2 ** 20) });
    }
    await run.close();
    return seen;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

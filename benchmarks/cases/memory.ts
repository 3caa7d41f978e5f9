import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { logger, openRun, stdoutSink } from 'exptools';
import { freshRow, metricNames, type Workload } from './measure.ts';

/** The memory of the process after each tenth of the rows, in MiB. */
export interface MemorySample {
  readonly residentMiB: readonly number[];
}

/** Logs to all three sinks and looks at the memory on the way. */
export async function measureMemory(load: Workload, dir: string): Promise<MemorySample> {
  const fd = openSync(join(dir, 'stdout.txt'), 'w');
  const stdout = stdoutSink({ stream: { write: (text) => writeSync(fd, text) } });
  const sinks = ['csv', 'tensorboard', stdout] as const;
  const run = await openRun({ name: 'bench', root: join(dir, 'runs'), sinks });
  const names = metricNames(load.keys);
  const residentMiB: number[] = [];
  for (let i = 1; i <= load.rows; i++) {
    logger.log(freshRow(names));
    if (i % Math.ceil(load.rows / 10) === 0) {
      residentMiB.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
    }
  }
  await run.close();
  return { residentMiB };
}

import { closeSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PINO_DIR } from '../peers/paths.ts';
import { measure, type Sample, type Workload } from './measure.ts';

const BLOCK = 65_536;

/** The loop without any logging: what the machine costs by itself. */
export function measureEmptyLoop(load: Workload): Promise<Sample> {
  let sum = 0;
  return measure(
    load,
    (row) => (sum += row['metric_0']!),
    () => void sum,
  );
}

/** Writes as many bytes as all sinks together, in blocks of 64 KiB: the physical limit. */
export async function measureBareWrites(
  load: Workload,
  dir: string,
  bytesPerRow: number,
): Promise<Sample> {
  const block = Buffer.alloc(BLOCK, 'x');
  const fd = openSync(join(dir, 'bytes'), 'w');
  let filled = 0;
  const log = (): void => {
    filled += bytesPerRow;
    if (filled < BLOCK) return;
    writeSync(fd, block);
    filled -= BLOCK;
  };
  return measure(load, log, () => {
    writeSync(fd, block, 0, Math.round(filled));
    closeSync(fd);
  });
}

/** The part of pino that the benchmark uses. */
interface Pino {
  (options: object, destination: object): { info(row: object): void };
  destination(options: object): { flushSync(): void };
}

/** pino, one JSON line a row, buffered as its manual says for speed. */
export function measurePino(load: Workload, dir: string): Promise<Sample> {
  const pino = createRequire(join(PINO_DIR, 'package.json'))('pino') as Pino;
  const options = { dest: join(dir, 'rows.jsonl'), minLength: 4096, sync: true };
  const destination = pino.destination(options);
  const log = pino({ base: undefined }, destination);
  return measure(
    load,
    (row) => log.info(row),
    () => destination.flushSync(),
  );
}

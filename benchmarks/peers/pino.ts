import { createRequire } from 'node:module';
import { join } from 'node:path';
import { measure, type Sample, type Workload } from '../log-path.ts';
import { PINO_DIR } from './paths.ts';

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

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { measureBareWrites, measureEmptyLoop, measureSinks, type Workload } from './log-path.ts';
import { measurePino } from './peers/pino.ts';

// node --import ./dist/src/register.js benchmarks/one-case.ts CASE ROWS KEYS BYTES_PER_ROW DIRECTORY

const WARM_UP_ROWS = 10_000;

type Case = (load: Workload, dir: string, bytesPerRow: number) => Promise<unknown>;

const cases: Readonly<Record<string, Case>> = {
  'empty loop': measureEmptyLoop,
  'bare writes': measureBareWrites,
  csv: (load, dir) => measureSinks(['csv'], load, dir),
  tensorboard: (load, dir) => measureSinks(['tensorboard'], load, dir),
  stdout: (load, dir) => measureSinks(['stdout'], load, dir),
  'all three sinks': (load, dir) => measureSinks(['csv', 'tensorboard', 'stdout'], load, dir),
  pino: measurePino,
};

const [name = '', rows, keys, bytesPerRow, dir = ''] = process.argv.slice(2);
const measureCase = cases[name];
if (measureCase === undefined) throw new Error(`no case "${name}"`);
const load = { rows: Number(rows), keys: Number(keys) };
const folder = (part: string): string => {
  mkdirSync(join(dir, part));
  return join(dir, part);
};
// What the compiler and the disk do for the first time counts for nothing.
await measureCase({ ...load, rows: WARM_UP_ROWS }, folder('warm-up'), Number(bytesPerRow));
console.log(JSON.stringify(await measureCase(load, folder('measured'), Number(bytesPerRow))));

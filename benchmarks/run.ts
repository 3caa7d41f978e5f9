import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import {
  measureBareWrites,
  measureEmptyLoop,
  measureSinks,
  sinksOf,
  type Sample,
  type Workload,
} from './log-path.ts';
import { quantile } from './quantile.ts';

// npm run bench [-- --rows 20000 --rounds 3]
const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const rounds = option('rounds', 5);
const load: Workload = { rows: option('rows', 100_000), keys: option('keys', 10) };

const cases: Record<string, () => Promise<Sample>> = {
  'empty loop': () => measureEmptyLoop(load),
  'bare writes of the same bytes': () => measureBareWrites(load),
  'no sink': () => measureSinks([], load),
  csv: () => measureSinks(sinksOf('csv'), load),
  tensorboard: () => measureSinks(sinksOf('tensorboard'), load),
  stdout: () => measureSinks(sinksOf('stdout'), load),
  'all three sinks': () => measureSinks(sinksOf('csv', 'tensorboard', 'stdout'), load),
};

// Round by round, not case by case: a machine that slows down slows all cases down.
const samples: Record<string, Sample[]> = {};
for (const measure of Object.values(cases)) await measure(); // warm-up
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(cases)) {
    (samples[name] ??= []).push(await measure());
  }
}

const results = Object.entries(samples).map(([name, all]) => ({
  name,
  scalarsPerSecond: Math.round(median(all, 'scalarsPerSecond')),
  medianUs: round3(median(all, 'medianUs')),
  p99Us: round3(median(all, 'p99Us')),
  maxUs: round3(median(all, 'maxUs')),
}));
const report = {
  node: process.version,
  cpu: cpus()[0]?.model,
  date: new Date().toISOString(),
  ...load,
  rounds,
  results,
};
const dir = join(import.meta.dirname, 'results');
mkdirSync(dir, { recursive: true });
const file = join(dir, 'log-path.json');
writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);

console.log(`log path: ${load.rows} rows of ${load.keys} scalars, median of ${rounds} rounds`);
console.table(
  Object.fromEntries(
    results.map(({ name, scalarsPerSecond, medianUs, p99Us, maxUs }) => [
      name,
      {
        'scalars/s': scalarsPerSecond.toLocaleString('en'),
        'us a row (median)': medianUs,
        'p99 us': p99Us,
        'max us': maxUs,
      },
    ]),
  ),
);
console.log(`written to ${file}`);

function median(all: readonly Sample[], key: keyof Sample): number {
  return quantile(
    Float64Array.from(all, (sample) => sample[key]),
    0.5,
  );
}

function round3(value: number): number {
  return Number(value.toFixed(3));
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { quantile } from './quantile.ts';

/** `--rounds 3` on the command line. */
export function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

/**
 * Measures every case once a round. Round by round, not case by case: a machine that slows down
 * slows all cases down. A round before the first, which does not count, warms the code up; cases in
 * processes of their own need none.
 */
export async function inRounds<T>(
  cases: Readonly<Record<string, () => Promise<T>>>,
  rounds: number,
  { warmUp = true } = {},
): Promise<Record<string, T[]>> {
  const samples: Record<string, T[]> = {};
  if (warmUp) for (const measure of Object.values(cases)) await measure();
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(cases)) {
      (samples[name] ??= []).push(await measure());
    }
  }
  return samples;
}

/** The median of some numbers, to three decimals. */
export function median(values: readonly number[]): number {
  return Number(quantile(Float64Array.from(values), 0.5).toFixed(3));
}

/** The median of every figure of some samples. */
export function medians<S extends object>(samples: readonly S[]): Record<keyof S, number> {
  const names = Object.keys(samples[0]!) as (keyof S)[];
  return Object.fromEntries(
    names.map((name) => [name, median(samples.map((sample) => Number(sample[name])))]),
  ) as Record<keyof S, number>;
}

/** Three significant digits, for people. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Writes the figures of one benchmark to `results/<name>.json`, with the machine they come from. */
export function writeResults(name: string, report: object): void {
  const dir = join(import.meta.dirname, 'results');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}.json`);
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    load: loadavg(),
    date: new Date().toISOString(),
  };
  writeFileSync(file, `${JSON.stringify({ ...machine, ...report }, null, 2)}\n`);
  console.log(`written to ${file}`);
}

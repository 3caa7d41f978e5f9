import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../src/core/errors.ts';
import { quantile } from './quantile.ts';

/** What is measured, by name. */
export type Cases<T> = Record<string, () => Promise<T>>;

/** `--rounds 3` on the command line. */
export function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
}

/**
 * Measures every case once a round. Round by round, not case by case: a machine that slows down
 * slows all cases down. A case that fails is left out from then on, with its reason.
 */
export async function inRounds<T>(
  cases: Readonly<Cases<T>>,
  rounds: number,
): Promise<{ samples: Record<string, T[]>; failed: Record<string, string> }> {
  const samples: Record<string, T[]> = {};
  const failed: Record<string, string> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(cases)) {
      if (name in failed) continue;
      try {
        (samples[name] ??= []).push(await measure());
      } catch (error) {
        failed[name] = messageOf(error);
        delete samples[name];
      }
    }
  }
  return { samples, failed };
}

/** The median of some numbers, to three decimals. */
export function median(values: readonly number[]): number {
  return Number(quantile(Float64Array.from(values), 0.5).toFixed(3));
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

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Directories of the runs of an experiment, oldest first. */
export function runDirs(root: string, experiment: string): string[] {
  return readdirSync(join(root, experiment))
    .filter((name) => name !== 'sweeps')
    .sort()
    .map((name) => join(root, experiment, name));
}

/** `run.json` of a run, as any JSON reader sees it. */
export function manifestOf(dir: string): Record<string, any> {
  return JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as Record<string, any>;
}

/** `progress.csv` of a run, as csv-parse reads it. */
export function progressOf(dir: string): Record<string, string>[] {
  return parse(readFileSync(join(dir, 'progress.csv'), 'utf8'), { columns: true });
}

/** The only sweep of an experiment: its plan and its journal. */
export function sweepOf(
  root: string,
  experiment: string,
): { plan: Record<string, any>; journal: Record<string, unknown>[] } {
  const parent = join(root, experiment, 'sweeps');
  const dir = join(parent, readdirSync(parent)[0]!);
  const lines = readFileSync(join(dir, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  return {
    plan: JSON.parse(readFileSync(join(dir, 'sweep.json'), 'utf8')) as Record<string, any>,
    journal: lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

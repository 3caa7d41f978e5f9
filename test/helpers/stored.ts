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

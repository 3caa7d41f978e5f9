import { join } from 'node:path';

/** Names of the files in a run's directory. No other module spells a file name. */
export const RUN_FILES = {
  manifest: 'run.json',
  heartbeat: 'heartbeat',
  config: 'config.json',
  variant: 'variant.json',
  progress: 'progress.csv',
  output: 'output.log',
} as const;

/** Names of the files in a sweep's directory. */
export const SWEEP_FILES = { plan: 'sweep.json', journal: 'journal.jsonl' } as const;

/** The run root of a project unless `--root` names another. */
export const DEFAULT_ROOT = 'runs';

export function experimentDir(root: string, experiment: string): string {
  return join(root, experiment);
}

export function runDir(root: string, experiment: string, runId: string): string {
  return join(root, experiment, runId);
}

export function sweepsDir(root: string, experiment: string): string {
  return join(root, experiment, 'sweeps');
}

export function sweepDir(root: string, experiment: string, sweepId: string): string {
  return join(sweepsDir(root, experiment), sweepId);
}

/**
 * The event file of a run: TensorBoard takes every file whose name holds `tfevents`, and reads
 * several of one directory in the order of the time in their names.
 */
export function eventFile(startedAt: number, runId: string): string {
  return `events.out.tfevents.${Math.floor(startedAt)}.${runId.slice(-6)}`;
}

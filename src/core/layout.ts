import { join } from 'node:path';
import { folderName } from './folder-name.ts';

/** Names of the files in a run's directory. No other module spells a file name. */
export const RUN_FILES = {
  manifest: 'run.json',
  heartbeat: 'heartbeat',
  config: 'config.json',
  variant: 'variant.json',
  environment: 'environment.json',
  progress: 'progress.csv',
  metrics: 'metrics.jsonl',
  media: 'media.jsonl',
  output: 'output.log',
  sources: 'sources.json',
  index: 'files.jsonl',
} as const;

/** The name of a piece of the output file's tail, while it is too long to be one file. */
export function outputTail(number: number): string {
  return `${RUN_FILES.output}.tail-${String(number).padStart(6, '0')}`;
}

/** Names of the directories in a run's directory. */
export const RUN_DIRS = {
  sources: 'sources',
  artifacts: 'artifacts',
  attempts: 'attempts',
  checkpoints: 'checkpoints',
  files: 'files',
} as const;

/**
 * What an attempt of a run left, once the run has been started over.
 * @param number counts attempts, from 1.
 */
export function attemptDir(runDir: string, number: number): string {
  return join(runDir, RUN_DIRS.attempts, String(number));
}

/** True for an entry of a run's directory that belongs to one attempt and is no event file. */
export function isOfAttempt(name: string): boolean {
  const { artifacts, checkpoints, files }: Record<string, string> = RUN_DIRS;
  const { heartbeat, index } = RUN_FILES;
  if ([heartbeat, index, artifacts, checkpoints, files].includes(name)) return true;
  const { progress, metrics, media, output, environment } = RUN_FILES;
  // with what stands beside them while they are rewritten, and the pieces of a tail
  return [progress, metrics, media, output, environment].some(
    (file) => name === file || name.startsWith(`${file}.`),
  );
}

/** True for an entry that not even an attempt that goes on shares with the one before. */
export function isOfAttemptAlone(name: string): boolean {
  const { heartbeat, output } = RUN_FILES;
  return name === heartbeat || name === output || name.startsWith(`${output}.`);
}

/** Names of the files in a sweep's directory. */
export const SWEEP_FILES = { plan: 'sweep.json', journal: 'journal.jsonl' } as const;

/** The lock file of the n-th launcher of a sweep, counted from 1, in the sweep's directory. */
export function launcherLock(number: number): string {
  return `launcher-${number}.lock`;
}

/** The number in the name of a lock file; `undefined` for any other name. */
export function lockNumber(name: string): number | undefined {
  const number = /^launcher-(\d+)\.lock$/.exec(name)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Names of the directories in a sweep's directory. */
export const SWEEP_DIRS = { logs: 'logs' } as const;

/** The file of a variant in the directory that all its repeats share, as exptools for Python names it. */
export const VARIANT_FILE = 'variant_config.json';

/** The names a project file may have. */
export const PROJECT_FILES: readonly string[] = [
  'ts',
  'mts',
  'js',
  'mjs',
  'yaml',
  'yml',
  'json',
].map((extension) => `exptools.config.${extension}`);

/** The run root of a project unless its file or `--root` names another. */
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

/** The name of the folder of files that all runs of an experiment share, beside their directories. */
export const SHARED_DIR = 'shared';

/** Where files that the runs of one experiment share are, by the directory of one of them. */
export function sharedDirOf(runDir: string): string {
  return join(runDir, '..', SHARED_DIR);
}

/** Where the directories that runs under a root share by key are, each with its lock. */
export function cacheDir(root: string): string {
  return join(root, '.cache');
}

/** Where the backed up sources of all runs under a root live, each content once. */
export function sourceStore(root: string): string {
  return join(root, '.sources');
}

/** The source store that serves a run, by the run's directory. */
export function sourceStoreOf(runDir: string): string {
  return sourceStore(join(runDir, '../..'));
}

export function storedSource(store: string, sha256: string): string {
  return join(store, sha256.slice(0, 2), sha256);
}

/**
 * The event file of a run: TensorBoard takes every file whose name holds `tfevents`, and reads
 * several of one directory in the order of the time in their names.
 */
export function eventFile(startedAt: number, runId: string): string {
  return `events.out.tfevents.${Math.floor(startedAt)}${eventFileEnd(runId)}`;
}

/** How the names of all event files of a run end. */
export function eventFileEnd(runId: string): string {
  return `.${runId.slice(-6)}`;
}

/** True for what TensorBoard takes for an event file. */
export function isEventFile(name: string): boolean {
  return name.includes('tfevents');
}

/**
 * The file of one piece of media, as a path inside the run's directory; the tag gives the folders.
 * @param copy counts those of one tag and step, from 1.
 */
export function artifactFile(tag: string, step: number, extension: string, copy: number): string {
  const name = copy === 1 ? `${step}.${extension}` : `${step}-${copy}.${extension}`;
  return join(RUN_DIRS.artifacts, ...tag.split('/').map(folderName), name);
}

/** Where a run keeps its checkpoints. */
export function checkpointsDir(runDir: string): string {
  return join(runDir, RUN_DIRS.checkpoints);
}

/**
 * The name of a checkpoint in its directory; names sort as their steps do.
 * @param copy counts the checkpoints of one step, from 1.
 */
export function checkpointFile(step: number, copy: number): string {
  const digits = String(Math.abs(step)).padStart(9, '0');
  return `step-${step < 0 ? '-' : ''}${digits}${copy === 1 ? '' : `-${copy}`}.ckpt`;
}

/** The checkpoint of another run that a run has begun with, where it has none of its curves. */
export function forkCheckpoint(runDir: string): string {
  return join(checkpointsDir(runDir), 'fork.ckpt');
}

/** The step in the name of a checkpoint; `undefined` for any other name. */
export function checkpointStep(name: string): number | undefined {
  const digits = /^step-(-?\d{9,})(?:-\d+)?\.ckpt$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A name for a checkpoint that is being written, by the process that writes it. */
export function checkpointTemporary(name: string, pid: number): string {
  return `${name}.${pid}.tmp`;
}

/** True for what a process that was killed while it saved may have left. */
export function isCheckpointTemporary(name: string): boolean {
  return /^step-.*\.ckpt\.\d+\.tmp$/.test(name);
}

/** How the folders begin in which files of a run are made, before they get their names. */
export const UNFINISHED = '.making-';

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  listCheckpoints,
  newestCheckpoint,
  readCheckpoint,
  type CheckpointInfo,
} from '../checkpoint/list.ts';
import { ExpError, suggest } from '../core/errors.ts';
import type { EnvironmentRecord } from '../core/environment.ts';
import { numberFromJson, type Json } from '../core/json.ts';
import { RUN_DIRS, UNFINISHED } from '../core/layout.ts';
import type { Attempt, Manifest } from '../core/manifest.ts';
import type { ShownStatus } from '../core/status.ts';
import { ROW_COLUMNS } from '../core/tag.ts';
import { readEnvironment } from '../store/environment-file.ts';
import type { StoredRun } from '../store/stored-run.ts';
import { readPoints, readRows, readTags, type MetricRow, type MetricValue } from './metric-rows.ts';

/** One metric of a run, over its steps; rows without it are left out. */
export interface MetricSeries {
  readonly tag: string;
  readonly steps: readonly number[];
  readonly values: readonly Exclude<MetricValue, null>[];
  /** Seconds since 1970. */
  readonly wallTimes: readonly number[];
}

/** A file that a run has kept. */
export interface RunFile {
  /** Relative to the run's directory. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

/** A run that is over, or under way in another process: what it was asked for and what came out. */
export class LoadedRun<Config = Record<string, unknown>> {
  readonly id: string;
  /** Absolute path of the run's directory. */
  readonly dir: string;
  readonly experiment: string;
  /** As it was when the run was loaded; `lost` for one whose process is gone. */
  readonly status: ShownStatus;
  readonly config: Config;
  readonly manifest: Manifest;

  /** For `loadRun`. */
  constructor(run: StoredRun, config: Config) {
    this.dir = run.dir;
    this.manifest = run.manifest;
    this.id = run.manifest.id;
    this.experiment = run.manifest.experiment;
    this.status = run.status;
    this.config = config;
  }

  get seed(): number {
    return this.manifest.seed;
  }

  get name(): string | undefined {
    return this.manifest.name;
  }

  get overrides(): readonly string[] {
    return this.manifest.overrides;
  }

  /** The run inside of which it was started. */
  get parent(): string | undefined {
    return this.manifest.parent;
  }

  /** The run from whose checkpoint it started. */
  get forkedFrom(): Manifest['forkedFrom'] {
    return this.manifest.forkedFrom;
  }

  get attempts(): readonly Attempt[] {
    return this.manifest.attempts;
  }

  /** The values of the swept keys, in a run of a sweep. */
  get variant(): Readonly<Record<string, unknown>> {
    return this.manifest.sweep?.variant ?? {};
  }

  /** What main has returned. */
  get result(): Json | undefined {
    return this.manifest.result;
  }

  /** The last value of every tag; of a run that is not over, as far as its rows go. */
  get summary(): Readonly<Record<string, Exclude<MetricValue, null> | Json>> {
    const { summary } = this.manifest;
    if (summary === undefined) return lastValues(this.rows());
    return Object.fromEntries(
      Object.entries(summary).map(([tag, value]) => [tag, numberFromJson(value) ?? value]),
    );
  }

  /** What its last attempt worked in; `undefined` for a run that has not kept it. */
  get environment(): EnvironmentRecord | undefined {
    return readEnvironment(this.dir);
  }

  /** The rows one by one, for files that are too large to hold. */
  rows(): Generator<MetricRow> {
    return readRows(this.dir);
  }

  /** All rows, as they were logged: NaN and infinities are numbers, `null` is what a row has not. */
  metrics(): MetricRow[];
  /**
   * One metric over its steps.
   * @throws {ExpError} EXP_USAGE for a tag that the run has not logged.
   */
  metrics(tag: string): MetricSeries;
  metrics(tag?: string): MetricRow[] | MetricSeries {
    return tag === undefined ? [...this.rows()] : this.#series(tag);
  }

  /** The checkpoints that are whole, in the order in which they were saved. */
  get checkpoints(): CheckpointInfo[] {
    return listCheckpoints(this.dir);
  }

  /**
   * The state of a checkpoint: the newest that is whole, or that of a step.
   * @throws {ExpError} EXP_CHECKPOINT where there is none, or it is damaged.
   */
  async checkpoint<State = unknown>(step?: number): Promise<State> {
    const { file } = checkpointAt(this, step);
    return (await readCheckpoint(file)).state as State;
  }

  /** The files below `artifacts/` and `files/`. */
  get artifacts(): RunFile[] {
    return [RUN_DIRS.artifacts, RUN_DIRS.files].flatMap((name) => filesBelow(this.dir, name));
  }

  #series(tag: string): MetricSeries {
    const steps: number[] = [];
    const values: Exclude<MetricValue, null>[] = [];
    const wallTimes: number[] = [];
    for (const { step, wallTime, value } of readPoints(this.dir, tag)) {
      if (value === null) continue;
      steps.push(step);
      values.push(value);
      wallTimes.push(wallTime);
    }
    if (values.length === 0) this.#refuseUnknown(tag);
    return { tag, steps, values, wallTimes };
  }

  #refuseUnknown(tag: string): void {
    const tags = readTags(this.dir);
    if (tags.includes(tag)) return;
    const hint = suggest(tag, tags);
    throw new ExpError('EXP_USAGE', `The run ${this.id} has no metric "${tag}". ${hint}`);
  }
}

/**
 * A checkpoint of a run: the newest that is whole, or the last one of a step.
 * @throws {ExpError} EXP_CHECKPOINT where there is none; it lists the steps that have one.
 */
export function checkpointAt(
  { id, dir }: Pick<LoadedRun, 'id' | 'dir'>,
  step?: number,
  warn: (text: string) => void = () => {},
): CheckpointInfo {
  const all = listCheckpoints(dir);
  const found = step === undefined ? newestCheckpoint(dir, { warn }) : all.findLast(isOf(step));
  if (found !== undefined) return found;
  if (all.length === 0) {
    throw new ExpError(
      'EXP_CHECKPOINT',
      `The run ${id} has no checkpoint. It needs run.checkpoint(state, { step }) in its code.`,
    );
  }
  const steps = [...new Set(all.map((info) => info.step))];
  const shown = steps.slice(-12).join(', ');
  throw new ExpError(
    'EXP_CHECKPOINT',
    `The run ${id} has no ${step === undefined ? 'whole checkpoint' : `checkpoint of step ${step}`}. ` +
      `There are: ${steps.length > 12 ? '…, ' : ''}${shown}.`,
  );
}

function isOf(step: number): (info: CheckpointInfo) => boolean {
  return (info) => info.step === step;
}

function lastValues(rows: Iterable<MetricRow>): Record<string, Exclude<MetricValue, null>> {
  const last: Record<string, Exclude<MetricValue, null>> = {};
  const columns: readonly string[] = ROW_COLUMNS;
  for (const row of rows) {
    for (const [tag, value] of Object.entries(row)) {
      if (value !== null && !columns.includes(tag)) last[tag] = value;
    }
  }
  return last;
}

function filesBelow(dir: string, name: string): RunFile[] {
  const top = join(dir, name);
  if (!existsSync(top)) return [];
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(top, UNFINISHED)))
    .sort()
    .map((path) => ({ name: relative(dir, path), path, bytes: statSync(path).size }));
}

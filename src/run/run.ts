import type { CheckpointInfo } from '../checkpoint/list.ts';
import type { OpenMode } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { RunFiles, type SaveOptions } from '../artifacts/run-files.ts';
import type { ArtifactSource } from '../artifacts/source.ts';
import type { ConfigValues, DeepReadonly } from '../config/config-types.ts';
import { readOnly } from '../config/read-only.ts';
import { setBrand } from '../core/brand.ts';
import { ExpError } from '../core/errors.ts';
import type { AffinityRecord } from '../core/manifest.ts';
import type { Value } from '../core/record.ts';
import type { RunContext } from '../core/run-context.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { RunStatus } from '../core/status.ts';
import type { Recorder } from '../logging/recorder.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { RunStopped } from './ending.ts';
import type { Checkpointing, CheckpointOptions } from './checkpointing.ts';
import { mergedResults } from './merged-results.ts';
import type { RunOptions } from './run-options.ts';
import { startWithin } from './start.ts';
import { MEDIA_SAVERS } from './media-savers.ts';
import { runAffinity, type RunAffinity } from './run-affinity.ts';

/**
 * What can be run: a decorated class or static method, or an experiment object. The run that its code
 * takes, or that it gives, tells the compiler its config.
 */
export type Runnable<Config> =
  | { readonly run: (...args: never[]) => Promise<Run<Config>> }
  | (abstract new () => { main(run: Run<Config>, ...captured: never[]): unknown })
  | ((run: Run<Config>, ...captured: never[]) => unknown);

/** One execution of an experiment, as the code that is executed sees it. */
export class Run<Config = unknown> implements RunContext {
  readonly id: string;
  readonly experiment: string;
  /** Absolute path of the run's directory. */
  readonly dir: string;
  /** True where nothing of the run is kept: its directory is removed at the end. */
  readonly ghost: boolean;
  /** The validated config. Writing to it throws, and names the key. */
  readonly config: DeepReadonly<Config>;
  /** The root seed, which all derived seeds come from. */
  readonly seed: number;
  /** Aborted when the run is to end early. */
  readonly signal: AbortSignal;
  readonly rows: Recorder;
  /** The values of the swept keys, in a run of a sweep. */
  readonly variant: Readonly<Record<string, unknown>>;
  /**
   * What came out; main's return value takes its place. Set it on the way to keep an interim result
   * of a run that may not get to its end.
   */
  result: unknown;
  /** For the lifecycle: told of results as they are recorded. */
  onResults: (result: unknown) => void = () => {};
  status: RunStatus = 'running';
  /** For the lifecycle: what came into the run's files. */
  readonly files: RunFiles;
  readonly #controller: AbortController;
  readonly #reads = new Map<string, Set<string>>();
  readonly #declares: (path: readonly string[]) => boolean;
  readonly #given: AffinityRecord | undefined;
  #affinity: RunAffinity | undefined;
  #checkpoints: Checkpointing | undefined;
  #recorded: Readonly<Record<string, unknown>> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** For the lifecycle; runs are opened by `runExperiment`, `openRun` or `run-exp`. */
  constructor(
    spec: RunSpec,
    config: unknown,
    rows: Recorder,
    controller: AbortController,
    declares: (path: readonly string[]) => boolean = () => false,
    affinity?: AffinityRecord,
  ) {
    this.id = spec.id;
    this.experiment = spec.experiment;
    this.dir = spec.dir;
    this.ghost = spec.ghost === true;
    const onRead = (key: string): void => this.noteRead(key, readerIn(this));
    this.config = readOnly(config, onRead) as DeepReadonly<Config>;
    for (const [key, readers] of Object.entries(spec.reads ?? {})) {
      for (const reader of readers) this.noteRead(key, reader);
    }
    this.#declares = declares;
    // A run by itself has the whole process, whatever number its place has.
    this.#given = spec.sweep === undefined ? undefined : affinity;
    this.seed = spec.seed;
    this.variant = spec.sweep?.variant ?? {};
    this.rows = rows;
    this.#controller = controller;
    this.signal = controller.signal;
    this.files = new RunFiles(spec.dir, () => rows.step, MEDIA_SAVERS);
  }

  /** The CPUs and GPUs of the run, as its process sees them, and how its workers may share them. */
  get affinity(): RunAffinity {
    this.#affinity ??= runAffinity(this.#given);
    return this.#affinity;
  }

  /** The last value of every tag: `run.summary['eval/accuracy']`. */
  get summary(): Readonly<Record<string, Value>> {
    return this.rows.summary;
  }

  /**
   * Ends the run early and well: it aborts {@link signal} and throws. The run becomes `completed`,
   * with the reason beside it and the {@link result} set so far.
   */
  stop(reason: string): never {
    const stopped = new RunStopped(reason);
    this.#controller.abort(stopped);
    throw stopped;
  }

  /**
   * Saves a state that {@link restore} gives back when the run is resumed, if the policy keeps one of
   * this call; with it all that the run itself carries on. Await it, between two rows: the state must
   * not change meanwhile, and what other tasks of the run are in the middle of is not in it. A run that
   * was told to end, by SIGTERM say, is ended here, once it is saved.
   * @returns what was saved, if anything was.
   * @throws {ExpError} EXP_CHECKPOINT for a state that cannot be saved, where the disk takes no more, and
   *   in a resumed run that has not restored; EXP_RUN if the run is over; the interrupt of a run that was
   *   told to end.
   */
  async checkpoint(
    state: unknown,
    options: CheckpointOptions = {},
  ): Promise<CheckpointInfo | undefined> {
    this.#refuseOver('takes no checkpoint');
    return this.#attached().save(state, options);
  }

  /**
   * The state that the run goes on from, `undefined` where it starts at its beginning. Call it before the first
   * row, in the function that calls {@link checkpoint}: what the run itself carries on is set as well,
   * the states of its generators among it.
   * @param into a live value to bring to that state, part by part; what is returned stands for it.
   * @throws {ExpError} EXP_CHECKPOINT for a checkpoint that is damaged or does not fit.
   */
  async restore<State = unknown>(into?: State): Promise<State | undefined> {
    return (await this.#attached().restore(into)) as State | undefined;
  }

  /** The step of the checkpoint that this attempt goes on from; `undefined` in one that starts afresh. */
  get resumedFrom(): number | undefined {
    return this.#checkpoints?.resumedFrom;
  }

  /** True once the run was told to end: its next {@link checkpoint} saves and ends it. */
  get preempted(): boolean {
    return this.#checkpoints?.isPreempted === true;
  }

  /** For the lifecycle: what saves and restores. */
  attach(checkpoints: Checkpointing): void {
    this.#checkpoints = checkpoints;
  }

  #attached(): Checkpointing {
    if (this.#checkpoints !== undefined) return this.#checkpoints;
    throw new ExpError('EXP_CHECKPOINT', 'The run is not open: it has no checkpoints.');
  }

  /**
   * Adds to the {@link result} of the run, and keeps it at once: it is there whatever becomes of the
   * run. What main returns is added in the same way at the end.
   * @throws {ExpError} EXP_RUN if the run is over.
   */
  recordResults(values: Readonly<Record<string, unknown>>): void {
    this.#refuseOver('takes no results');
    this.#recorded = { ...this.#recorded, ...values };
    this.result = mergedResults(this.result, values);
    this.onResults(this.result);
  }

  /** For checkpoints: what {@link recordResults} was given so far. */
  get recorded(): Readonly<Record<string, unknown>> | undefined {
    return this.#recorded;
  }

  /** For checkpoints: what an earlier attempt had recorded; what this one has wins. */
  carryOnRecorded(earlier: Readonly<Record<string, unknown>>): void {
    this.#recorded = { ...earlier, ...this.#recorded };
  }

  /** Code may go on when its run is over: another attempt may be under way in the directory by now. */
  #refuseOver(what: string): void {
    if (this.rows.closed) throw new ExpError('EXP_RUN', `The run ${this.id} is over: it ${what}.`);
  }

  /** For the lifecycle: main has returned. */
  complete(returned: unknown): void {
    this.result = this.#recorded === undefined ? returned : mergedResults(this.#recorded, returned);
  }

  /**
   * The absolute path of a file of your own in this run, in `<run>/files/`; its folder is there. The name
   * may have folders. What is written there is yours: it is not recorded until {@link artifact} is told.
   * @throws {ExpError} EXP_USAGE for a name that leaves the folder.
   */
  file(name: string): string {
    return this.files.file(name);
  }

  /**
   * Keeps a copy of a file or a directory, or writes bytes or a stream, as a file of the run: whole or
   * not at all, with its SHA-256 in the index `files.jsonl`. Of equal names the later gets a number.
   * @param name by default that of the file; may have folders.
   * @param metadata kept in the index with it; what JSON has.
   * @returns the absolute path of what was kept.
   * @throws {ExpError} EXP_FILE if it cannot be read or written, or changes meanwhile.
   */
  artifact(source: ArtifactSource, name?: string, metadata?: unknown): Promise<string> {
    return this.files.artifact(source, name, metadata);
  }

  /**
   * Saves a value as a file of the run, in the format that the extension of the name asks for, or that
   * fits the value: `.json`, `.jsonl`, `.csv`, `.npy`, `.txt`, `.md`, `.png`, `.yaml`, `.bin`, and those
   * of `addSaver`. Nothing is ever overwritten: of equal names the later gets a number.
   * @returns the absolute path of the file.
   * @throws {ExpError} EXP_USAGE for an extension nobody knows, or a value of another kind; EXP_FILE.
   */
  save(value: unknown, name: string, options?: SaveOptions): Promise<string> {
    return this.files.save(value, name, options);
  }

  /**
   * Opens any file, as `open` of node:fs/promises does, and records what was opened: its path, size and
   * SHA-256, of a file to write once it is closed. Files are hashed in the background.
   * @throws {ExpError} EXP_FILE if it cannot be opened.
   */
  open(path: string, flags?: OpenMode): Promise<FileHandle> {
    return this.files.open(path, flags);
  }

  /**
   * Runs another experiment inside of this run: a run with a directory, config and seed of its own, that
   * names this one as its parent. It ends with this run at the latest.
   * @param options by default it is kept where this run is.
   * @throws {ExpError} if it cannot start; otherwise whatever its main throws, after it is recorded.
   */
  async start<Child = Record<string, unknown>>(
    target: Runnable<Child>,
    overrides: NoInfer<ConfigValues<Child>> = {},
    options: RunOptions = {},
  ): Promise<Run<Child>> {
    return (await startWithin(this, target, overrides, options)) as Run<Child>;
  }

  /** Makes the run end as failed, whatever main still does; the first error counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#controller.abort(error);
  }

  /** Aborts {@link signal}: the run is ending. */
  abort(reason: string): void {
    this.#controller.abort(new Error(reason));
  }

  /** True for keys that the schema has, also where this run's config leaves them out. */
  declares(path: readonly string[]): boolean {
    return this.#declares(path);
  }

  /** Records that the captured function called `by` has read a key of the config. */
  noteRead(key: string, by: string): void {
    const readers = this.#reads.get(key);
    if (readers === undefined) this.#reads.set(key, new Set([by]));
    else readers.add(by);
  }

  /** The functions that have read each key so far; `''` stands for code outside of all of them. */
  get reads(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#reads].map(([key, readers]) => [key, [...readers]]));
  }

  /** What {@link fail} was given. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure;
  }
}
setBrand(Run, 'Run');

/** The captured function that reads from this run right now; it may be inside of an inner run. */
function readerIn(run: RunContext): string {
  let scope = tryCurrentScope();
  while (scope !== undefined && scope.run !== run) scope = scope.outer;
  return scope?.caller ?? '';
}

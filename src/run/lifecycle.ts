import { declares } from '../config/json-schema.ts';
import { brokenBy } from '../core/broken-stream.ts';
import type { Backend } from '../core/manifest.ts';
import { checkHooks } from '../core/hook.ts';
import { DEFAULT_GRACE_S } from '../core/preemption.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { RunEnding, Sink, SinkRun } from '../core/sink.ts';
import { FanOut } from '../logging/fan-out.ts';
import { warnOnce } from '../logging/text.ts';
import { outputLimit } from '../logging/output-limit.ts';
import { Recorder, type OnRow } from '../logging/recorder.ts';
import type { Heartbeat } from '../store/heartbeat.ts';
import { runInScope, Scope } from '../scope/scope.ts';
import { claimRunDir } from '../store/run-dir.ts';
import { beginRun } from './begin-run.ts';
import { endChildren, noteInParent } from './children.ts';
import { endFilesNow, settleFiles } from './end-files.ts';
import { endingOf, unfinishedEnding, type Ending } from './ending.ts';
import { HookCalls } from './hooks.ts';
import { withoutFiles } from './ghost.ts';
import { nanGuard, type NanGuard } from './nan-guard.ts';
import { addOpenRun, removeOpenRun, type OpenRun } from './open-runs.ts';
import { objectiveValue } from './objective-value.ts';
import type { LifecycleOptions } from './lifecycle-options.ts';
import { LiveManifest } from './live-manifest.ts';
import { startedManifest } from './run-manifest.ts';
import { RunOutput } from './run-output.ts';
import { RunCheckpoints } from './run-checkpoints.ts';
import { RunRecord } from './run-record.ts';
import { Run } from './run.ts';
import { sinkRunOf } from './sink-run.ts';
import { SystemMetrics } from './system-metrics.ts';
import { restoreGlobals, seedGlobals } from './seed-globals.ts';

/** Takes one run from `queued` to its end: directory, manifest, heartbeat, sinks. */
export class Lifecycle implements OpenRun {
  readonly run: Run;
  readonly hooks: HookCalls;
  readonly #spec: RunSpec;
  readonly #options: LifecycleOptions;
  readonly #fanOut: FanOut;
  readonly #startedMs = performance.now();
  readonly #heartbeat: Heartbeat;
  readonly #checkpoints: RunCheckpoints;
  readonly #output: RunOutput | undefined;
  readonly #record: RunRecord;
  readonly #manifest: LiveManifest;
  #isOver = false;
  #isClosing = false;
  readonly #nanGuard: NanGuard | undefined;
  #system: SystemMetrics | undefined;
  #ending: Promise<void> | undefined;
  /** How main ended, while sinks still close. */
  #given: Ending | undefined;
  readonly #onAbort = (): void => this.endNow({ status: 'interrupted', reason: 'stopped' });

  /**
   * Starts a run.
   * @throws {ExpError} EXP_FILE if its directory cannot be created, EXP_SINK if a sink cannot open.
   */
  constructor(
    spec: RunSpec,
    config: unknown,
    sinks: readonly Sink[],
    options: LifecycleOptions = {},
  ) {
    this.#spec = spec;
    this.#options = options;
    this.#nanGuard = nanGuard(options.stopOnNaN);
    outputLimit(); // a bad one is said before there is a directory
    checkHooks(options.hooks ?? {});
    for (const stream of [process.stdout, process.stderr]) brokenBy(stream);
    const queued = claimRunDir(spec);
    const startedAt = new Date();
    const { schema, affinity } = options;
    const started = startedManifest(queued, startedAt, spec, affinity);
    this.#manifest = new LiveManifest(spec, started);
    const used = spec.ghost === true ? withoutFiles(sinks) : sinks;
    this.#fanOut = this.#openSinks(used, sinkRunOf(spec, started, startedAt, schema));
    const recorder = this.#openRecorder(spec);
    this.run = new Run(
      spec,
      config,
      recorder,
      new AbortController(),
      (path) => schema !== undefined && declares(schema, path),
      affinity,
    );
    this.#checkpoints = new RunCheckpoints({
      run: this.run,
      fanOut: this.#fanOut,
      policy: spec.checkpoint,
      resume: spec.resume,
      attempt: this.#manifest.attempt,
    });
    this.run.attach(this.#checkpoints);
    this.hooks = new HookCalls(this.run, options.hooks ?? {});
    this.#heartbeat = beginRun(spec.dir, this.#manifest, this.#fanOut);
    this.#record = new RunRecord(spec, this.run, this.#manifest.attempt);
    this.run.onResults = (result) => this.#manifest.noteResult(result);
    if (spec.systemMetrics !== undefined) {
      this.#system = new SystemMetrics(spec.systemMetrics, (tags, values) =>
        recorder.writeAside(tags, values),
      );
    }
    if (options.isCaptured !== true) {
      this.#output = new RunOutput(spec, this.run, options.isAnnounced === true);
    }
    addOpenRun(this);
    noteInParent(this);
    this.run.signal.addEventListener('abort', () => endChildren(this.id, 'its parent run ends'));
    options.signal?.addEventListener('abort', this.#onAbort);
    if (options.seedGlobals === true) seedGlobals(this.run);
  }

  get id(): string {
    return this.#spec.id;
  }

  get parent(): string | undefined {
    return this.#spec.parent;
  }

  /** Ends the run: closes its sinks, writes its last manifest. The first ending counts. */
  end(ending: Ending): Promise<void> {
    this.#given ??= ending;
    this.#ending ??= this.#end(this.#given);
    return this.#ending;
  }

  /** Ends the run without waiting for anything; for a process that is about to end. */
  endNow(ending: Ending | undefined): void {
    if (this.#isOver) return;
    // Main had ended before the process was told to: that is what counts.
    const isWhole = this.#options.endsWithProcess === true && this.run.failure === undefined;
    const { preemption } = this.#checkpoints;
    const given = this.#given ?? ending ?? unfinishedEnding(isWhole, preemption);
    if (!this.#isClosing) {
      this.#inScope(() => {
        this.#closeRows();
        this.#fanOut.closeNow(this.#forSinks(given));
      });
    } else {
      this.#fanOut.cutShort();
    }
    endFilesNow(this.run);
    this.hooks.startAfter(this.#actual(given));
    this.run.abort(ending?.reason ?? 'the process ends');
    this.#conclude(given);
  }

  get grace(): number {
    return this.#spec.grace ?? DEFAULT_GRACE_S;
  }

  /** Has the next checkpoint end the run; false for one that may never come to it. */
  preempt(reason: string): boolean {
    return this.#checkpoints.preempt(reason);
  }

  /** @see Run.fail */
  fail(error: unknown): void {
    this.run.fail(error);
  }

  /** Keeps in the manifest what computes in this process. */
  noteBackend(backend: Backend): void {
    this.#manifest.noteBackend(backend);
  }

  /** Keeps in the manifest that another run was started inside of this one. */
  noteChild(id: string): void {
    this.#manifest.noteChild(id);
  }

  /** Replaces a good ending by a failure that shows itself only afterwards. */
  amend(error: unknown): void {
    if (this.run.status !== 'completed') return;
    const ending = endingOf(error);
    if (this.run.ghost) {
      this.run.status = ending.status;
      return;
    }
    this.#finish(ending);
    this.#output?.amend(this.#actual(ending));
  }

  async #end(ending: Ending): Promise<void> {
    await this.#checkpoints.settled();
    if (this.#isOver) return;
    endChildren(this.id, 'its parent run ended first');
    if (this.hooks.hasAfter) await this.#inScope(() => this.hooks.after(this.#actual(ending)));
    if (this.run.files.isBusy) await settleFiles(this.run);
    // The process may have been told to end meanwhile.
    if (this.#isOver) return;
    await this.#inScope(() => {
      this.#closeRows();
      return this.#fanOut.close(this.#forSinks(ending));
    });
    // Or while a sink took its time.
    if (!this.#isOver) this.#conclude(ending);
  }

  #conclude(given: Ending): void {
    try {
      this.#finish(given);
    } finally {
      this.#output?.end(this.#actual(given), this.#manifest.current.elapsed);
      this.#options.onOver?.();
    }
  }

  /** What a sink prints as it closes is output of the run. */
  #inScope<T>(work: () => T): T {
    return runInScope(Scope.ofRun(this.run), work);
  }

  #closeRows(): void {
    this.#isClosing = true;
    this.#system?.stop();
    this.run.rows.close();
    for (const text of this.#nanGuard?.unseen(Object.keys(this.run.summary)) ?? []) warnOnce(text);
  }

  /** Fails the run, and throws from the call that logs, so that a loop that never yields ends too. */
  #stopFor(problem: Error): void {
    this.run.fail(problem);
    // The row that a run closes at its end has nobody left to stop.
    if (!this.#isClosing) throw problem;
  }

  /** The first failure counts, whatever main made of it. */
  #actual(given: Ending): Ending {
    const { failure } = this.hooks;
    return failure === undefined ? given : endingOf(failure.error);
  }

  #forSinks(given: Ending): RunEnding {
    const { status } = this.#actual(given);
    const objective = objectiveValue(this.#spec.objective, this.run).value;
    return {
      status,
      endedAt: Date.now() / 1000,
      summary: this.run.summary,
      ...(objective !== undefined && { objective }),
    };
  }

  /** Takes rows; step and clock go on where the attempts before have stopped. */
  #openRecorder({ resume, stepMetric }: RunSpec): Recorder {
    const before = (resume?.elapsed ?? 0) * 1000 - this.#startedMs;
    const clock = (): number => Math.round((before + performance.now()) * 1e3) / 1e6;
    const onRow: OnRow = (step, tags, values) => {
      this.#options.onRow?.(this.run, step);
      const problem = this.#nanGuard?.problemIn(step, tags, values);
      if (problem !== undefined) this.#stopFor(problem);
    };
    const recorder = new Recorder(this.#fanOut, clock, onRow, stepMetric);
    if (resume !== undefined) recorder.goOn(resume.row);
    return recorder;
  }

  #openSinks(sinks: readonly Sink[], run: SinkRun): FanOut {
    try {
      const { flushInterval, resume } = this.#spec;
      const onFlush = (): void => {
        // In a loop that never yields no timer fires: flushes have to keep the heart beating.
        this.#heartbeat.beatIfDue();
        this.#system?.reportIfDue();
        this.#options.onFlush?.();
      };
      return new FanOut(sinks, run, {
        onFlush,
        ...(resume !== undefined && { kept: resume.kept }),
        ...(flushInterval !== undefined && { flushInterval }),
      });
    } catch (error) {
      this.#manifest.failToStart(endingOf(error));
      throw error;
    }
  }

  #finish(given: Ending): void {
    this.#isOver = true;
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    restoreGlobals(this.run);
    this.#heartbeat.stop();
    removeOpenRun(this);
    const ending = this.#actual(given);
    this.run.status = ending.status;
    const last = { ...this.#record.end(this.#manifest.current), ...this.hooks.record };
    this.#manifest.finish(last, ending, this.run, this.#fanOut.degraded);
  }
}

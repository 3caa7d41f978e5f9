import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declares, type JsonSchema } from '../config/json-schema.ts';
import { ExpError } from '../core/errors.ts';
import { toJson, type JsonObject } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { AffinityRecord, Backend, Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { RunEnding, Sink, SinkRun } from '../core/sink.ts';
import { VERSION } from '../core/version.ts';
import { FanOut } from '../logging/fan-out.ts';
import { Recorder } from '../logging/recorder.ts';
import { describeHost } from '../provenance/host.ts';
import { writeManifest } from '../store/manifest-file.ts';
import { identify } from '../store/process-identity.ts';
import { claimRunDir } from '../store/run-dir.ts';
import { notedBackend } from './backend.ts';
import { endingOf, type Ending } from './ending.ts';
import { addOpenRun, removeOpenRun, type OpenRun } from './open-runs.ts';
import { parametersOf } from './parameters.ts';
import { Run } from './run.ts';
import { restoreGlobals, seedGlobals } from './seed-globals.ts';

const HEARTBEAT_MS = 5_000;

export interface LifecycleOptions {
  readonly affinity?: AffinityRecord;
  /** Called with the step of every row. */
  readonly onRow?: (run: Run, step: number) => void;
  /** Called after every flush; may end the process. */
  readonly onFlush?: () => void;
  /** What the schema of the config says, where there is one. */
  readonly schema?: JsonSchema;
  /** Gives `Math.random` to the run's own generator while its code runs. */
  readonly seedGlobals?: boolean;
  /** True for runs that are over when the process is, since nothing else marks their end. */
  readonly endsWithProcess?: boolean;
}

/** Takes one run from `queued` to its end: directory, manifest, heartbeat, sinks. */
export class Lifecycle implements OpenRun {
  readonly run: Run;
  readonly #spec: RunSpec;
  readonly #options: LifecycleOptions;
  readonly #fanOut: FanOut;
  readonly #startedMs = performance.now();
  readonly #heartbeat: NodeJS.Timeout;
  #manifest: Manifest;
  #isOver = false;
  #ending: Promise<void> | undefined;
  #beatAt = 0;

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
    const queued = claimRunDir(spec);
    const startedAt = new Date();
    const attempt = { process: identify(), startedAt: startedAt.toISOString(), status: 'running' };
    this.#manifest = {
      ...queued,
      status: 'running',
      startedAt: attempt.startedAt,
      host: describeHost(),
      ...withBackend({ exptools: VERSION, node: process.versions.node }, notedBackend()),
      ...(options.affinity !== undefined && { affinity: options.affinity }),
      attempts: [attempt],
    };
    const { schema } = options;
    this.#fanOut = this.#openSinks(sinks, {
      id: spec.id,
      experiment: spec.experiment,
      dir: spec.dir,
      startedAt: startedAt.getTime() / 1000,
      config: spec.config,
      parameters: parametersOf(spec.config, schema, Object.keys(spec.sweep?.variant ?? {})),
      ...(spec.objective !== undefined && { objective: spec.objective }),
    });
    const clock = (): number => Math.round((performance.now() - this.#startedMs) * 1e3) / 1e6;
    const recorder = new Recorder(this.#fanOut, clock, (step) =>
      this.#options.onRow?.(this.run, step),
    );
    this.run = new Run(
      spec,
      config,
      recorder,
      new AbortController(),
      (path) => schema !== undefined && declares(schema, path),
    );
    writeFileSync(this.#heartbeatPath, '');
    writeManifest(spec.dir, this.#manifest);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    addOpenRun(this);
    if (options.seedGlobals === true) seedGlobals(this.run);
  }

  /** Ends the run: closes its sinks, writes its last manifest. The first ending counts. */
  end(ending: Ending): Promise<void> {
    this.#ending ??= this.#end(ending);
    return this.#ending;
  }

  /** Ends the run without waiting for anything; for a process that is about to end. */
  endNow(ending: Ending | undefined): void {
    if (this.#isOver) return;
    const given = ending ?? this.#unfinished();
    if (this.#ending === undefined) {
      this.run.rows.close();
      this.#fanOut.closeNow(this.#forSinks(given));
    }
    this.run.abort(ending?.reason ?? 'the process ends');
    this.#finish(given);
  }

  /** @see Run.fail */
  fail(error: unknown): void {
    this.run.fail(error);
  }

  /** Keeps in the manifest what computes in this process. */
  noteBackend(backend: Backend): void {
    this.#manifest = { ...this.#manifest, ...withBackend(this.#manifest.versions, backend) };
    writeManifest(this.#spec.dir, this.#manifest);
  }

  /** Replaces a good ending by a failure that shows itself only afterwards. */
  amend(error: unknown): void {
    if (this.run.status === 'completed') this.#finish(endingOf(error));
  }

  async #end(ending: Ending): Promise<void> {
    if (this.#isOver) return;
    this.run.rows.close();
    await this.#fanOut.close(this.#forSinks(ending));
    // The process may have been told to end while a sink took its time.
    if (!this.#isOver) this.#finish(ending);
  }

  /** The first failure counts, whatever main made of it. */
  #actual(given: Ending): Ending {
    return this.run.failure === undefined ? given : endingOf(this.run.failure.error);
  }

  #forSinks(given: Ending): RunEnding {
    const { status } = this.#actual(given);
    const objective = this.#objectiveValue().value;
    return {
      status,
      endedAt: Date.now() / 1000,
      summary: this.run.summary,
      ...(objective !== undefined && { objective }),
    };
  }

  #openSinks(sinks: readonly Sink[], run: SinkRun): FanOut {
    try {
      return new FanOut(sinks, run, () => {
        // In a loop that never yields no timer fires: flushes have to keep the heart beating.
        if (performance.now() - this.#beatAt > HEARTBEAT_MS) this.#beat();
        this.#options.onFlush?.();
      });
    } catch (error) {
      const { status, error: recorded, reason } = endingOf(error);
      const endedAt = new Date().toISOString();
      writeManifest(this.#spec.dir, {
        ...this.#manifest,
        status,
        endedAt,
        ...(recorded !== undefined && { error: recorded }),
        ...(reason !== undefined && { stopReason: reason }),
        attempts: this.#manifest.attempts.map((attempt) => ({ ...attempt, status, endedAt })),
      });
      throw error;
    }
  }

  #unfinished(): Ending {
    const code = process.exitCode ?? 0;
    if (this.#options.endsWithProcess === true && code === 0 && this.run.failure === undefined) {
      return { status: 'completed' };
    }
    if (code === 0) process.exitCode = 1;
    return endingOf(
      new ExpError(
        'EXP_RUN',
        `The process ended with exit code ${code} before main had finished: ` +
          'main called process.exit(), or awaits a promise that nothing will settle.',
      ),
    );
  }

  #finish(given: Ending): void {
    this.#isOver = true;
    restoreGlobals(this.run);
    clearInterval(this.#heartbeat);
    removeOpenRun(this);
    const ending = this.#actual(given);
    this.run.status = ending.status;
    const endedAt = new Date().toISOString();
    const { degraded } = this.#fanOut;
    const { reads } = this.run; // before the result is written, which may hold the config
    const { objective } = this.#spec;
    const attempt = { ...this.#manifest.attempts.at(-1)!, endedAt, status: ending.status };
    this.#manifest = {
      ...this.#manifest,
      status: ending.status,
      endedAt,
      elapsed: Math.round(performance.now() - this.#startedMs) / 1000,
      ...(this.run.rows.step >= 0 && { step: this.run.rows.step }),
      summary: toJson(this.run.summary) as JsonObject,
      ...(this.run.result !== undefined && { result: toJson(this.run.result) }),
      ...(objective !== undefined && { objective: { ...objective, ...this.#objectiveValue() } }),
      ...(ending.error !== undefined && { error: ending.error }),
      ...(ending.reason !== undefined && { stopReason: ending.reason }),
      ...(degraded.length > 0 && { degraded }),
      reads,
      attempts: [...this.#manifest.attempts.slice(0, -1), attempt],
    };
    writeManifest(this.#spec.dir, this.#manifest);
  }

  #objectiveValue(): { value?: number } {
    const metric = this.#spec.objective?.metric;
    if (metric === undefined) return {};
    const result = this.run.result as Record<string, unknown> | null | undefined;
    const inResult = typeof result === 'object' ? result?.[metric] : undefined;
    const value = inResult ?? this.run.summary[metric];
    return typeof value === 'number' ? { value } : {};
  }

  get #heartbeatPath(): string {
    return join(this.#spec.dir, RUN_FILES.heartbeat);
  }

  #beat(): void {
    const now = new Date();
    this.#beatAt = performance.now();
    try {
      utimesSync(this.#heartbeatPath, now, now);
    } catch {
      // the directory is gone: the sinks will say so, with what is lost
    }
  }
}

/** The versions of a manifest, and what computes, with what is known of that. */
function withBackend(
  versions: JsonObject | undefined,
  backend: Backend | undefined,
): Pick<Manifest, 'versions' | 'backend'> {
  if (backend === undefined) return versions === undefined ? {} : { versions };
  return { versions: { ...versions, ...backend.versions }, backend: backend.name };
}

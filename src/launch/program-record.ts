import { join } from 'node:path';
import { toJson, type JsonObject } from '../core/json.ts';
import { RUN_FILES } from '../core/layout.ts';
import type { LaunchOptions, Slot } from '../core/launcher.ts';
import { redactWords } from '../core/redact.ts';
import type { Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { VERSION } from '../core/version.ts';
import { describeHost } from '../provenance/host.ts';
import { describeEnvironment } from '../provenance/environment.ts';
import { endTags, startTags } from '../snapshots/run-tags.ts';
import { endedManifest } from '../store/end-attempt.ts';
import { writeEnvironment } from '../store/environment-file.ts';
import { Heartbeat } from '../store/heartbeat.ts';
import { readManifest, writeManifest } from '../store/manifest-file.ts';
import { identify } from '../store/process-identity.ts';
import { allowedCpuList } from '../provenance/cpus.ts';
import { ProgressFile, type LastRow } from './progress-file.ts';
import type { Verdict } from './settle.ts';

const LOOK_EVERY_MS = 1_000;
const MOST_METRICS = 6;
/** Signals by which someone ends a run, as `run-exp stop` does. */
const INTERRUPTS = new Set<unknown>(['SIGINT', 'SIGTERM', 'SIGHUP']);

/** Keeps the manifest of a run whose program cannot, and tells of what it logs. */
export class ProgramRecord {
  readonly #spec: RunSpec;
  readonly #slot: Slot;
  readonly #onProgress: LaunchOptions['onProgress'];
  readonly #file: ProgressFile;
  readonly #startedMs = performance.now();
  #heartbeat: Heartbeat | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pid = 0;
  #last: LastRow | undefined;

  constructor(spec: RunSpec, slot: Slot, onProgress: LaunchOptions['onProgress']) {
    this.#spec = spec;
    this.#slot = slot;
    this.#onProgress = onProgress;
    const { dir, id, sweep, program } = spec;
    const { logDir = dir } = program ?? {};
    // Programs of rlpyt and exptools make a directory for each repeat in the one they are given.
    const places = [dir, join(logDir, `run_${sweep?.repeat ?? 0}`), join(logDir, `run_${id}`)];
    this.#file = new ProgressFile(places.map((place) => join(place, RUN_FILES.progress)));
  }

  /** The program works, as this process. */
  start(pid: number, words: readonly string[]): void {
    const { dir } = this.#spec;
    const { index, cpus, gpus } = this.#slot;
    const startedAt = new Date().toISOString();
    const queued = readManifest(dir);
    this.#pid = pid;
    const started: Manifest = {
      ...queued,
      status: 'running',
      startedAt,
      program: redactWords(words),
      host: describeHost(),
      versions: { exptools: VERSION },
      affinity: {
        slot: index,
        ...(cpus.length > 0 && { cpus }),
        ...(gpus !== undefined && { gpus }),
      },
      attempts: [...queued.attempts, { process: identify(pid), startedAt, status: 'running' }],
    };
    const { environment: variables } = this.#spec;
    const attempt = queued.attempts.length + 1;
    writeEnvironment(dir, describeEnvironment({ attempt, variables }));
    writeManifest(dir, startTags(dir, started));
    this.#heartbeat = new Heartbeat(dir);
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** The program is gone: writes what came out and, where it has succeeded, that it has completed. */
  end({ status, exit }: Verdict): void {
    clearInterval(this.#timer);
    this.#heartbeat?.stop();
    this.#last = this.#file.look(true) ?? this.#last;
    const { dir } = this.#spec;
    const manifest = { ...readManifest(dir), ...this.#outcome() };
    if (status === 'failed' && exit?.code === 0) {
      this.#write(endedManifest(manifest, { status: 'completed' }));
    } else if (status === 'failed' && INTERRUPTS.has(exit?.signal)) {
      const reason = String(exit?.signal);
      this.#write(endedManifest(manifest, { status: 'interrupted', reason }));
    } else {
      // who settles the run ends its tags, too
      writeManifest(dir, manifest);
    }
  }

  #write(ended: Manifest): void {
    writeManifest(this.#spec.dir, ended);
    endTags(this.#spec.dir, ended);
  }

  #look(): void {
    try {
      this.#readBackCpus();
    } catch {
      // the directory is gone, or the disk is full: the end of the run will say so
    }
    const row = this.#file.look();
    if (row === undefined) return;
    this.#last = row;
    const metrics = Object.fromEntries(Object.entries(row.metrics).slice(0, MOST_METRICS));
    this.#onProgress({ step: row.step, metrics });
  }

  /** Once, when whatever pins the program has surely done so. */
  #readBackCpus(): void {
    const allowed = this.#pid === 0 ? undefined : allowedCpuList(this.#pid);
    this.#pid = 0;
    if (allowed === undefined) return;
    const { dir } = this.#spec;
    const manifest = readManifest(dir);
    writeManifest(dir, { ...manifest, affinity: { ...manifest.affinity!, allowed } });
  }

  #outcome(): Partial<Manifest> {
    const { objective } = this.#spec;
    const elapsed = Math.round(performance.now() - this.#startedMs) / 1000;
    if (this.#last === undefined) return { elapsed };
    const { step, metrics } = this.#last;
    const value = objective === undefined ? undefined : metrics[objective.metric];
    return {
      elapsed,
      step,
      summary: toJson(metrics) as JsonObject,
      ...(objective !== undefined && {
        objective: { ...objective, ...(value !== undefined && { value }) },
      }),
    };
  }
}

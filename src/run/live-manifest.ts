import { toJson } from '../core/json.ts';
import type { Backend, Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { Degraded } from '../logging/channel.ts';
import { endTags, startTags } from '../snapshots/run-tags.ts';
import { endedManifest } from '../store/end-attempt.ts';
import { writeManifest } from '../store/manifest-file.ts';
import type { Ending } from './ending.ts';
import { finishedManifest, withResult } from './run-manifest.ts';
import type { Run } from './run.ts';
import { withBackend } from './with-backend.ts';

/** The manifest of a run, and its tags, while this process works on the run: what changes is written at once. */
export class LiveManifest {
  readonly #spec: RunSpec;
  #manifest: Manifest;

  /** @param started what it says once the run is `running`; not written before {@link start}. */
  constructor(spec: RunSpec, started: Manifest) {
    this.#spec = spec;
    this.#manifest = started;
  }

  get current(): Manifest {
    return this.#manifest;
  }

  /** How many attempts the run has had, with this one. */
  get attempt(): number {
    return this.#manifest.attempts.length;
  }

  start(): void {
    this.#write(startTags(this.#spec.dir, this.#manifest));
  }

  /** The run has failed before it could begin. */
  failToStart(ending: Ending): void {
    this.#write(endedManifest(this.#manifest, ending));
  }

  /** Keeps what computes in this process. */
  noteBackend(backend: Backend): void {
    this.#write({ ...this.#manifest, ...withBackend(this.#manifest.versions, backend) });
  }

  /** Keeps that another run was started inside of this one. */
  noteChild(id: string): void {
    const { children = [] } = this.#manifest;
    this.#write({ ...this.#manifest, children: [...children, id] });
  }

  /** Keeps what has come out so far. */
  noteResult(result: unknown): void {
    this.#write({ ...this.#manifest, ...withResult(this.#manifest, this.#spec, toJson(result)) });
  }

  /** @param last what is known of the attempt at its end. */
  finish(last: Partial<Manifest>, ending: Ending, run: Run, degraded: readonly Degraded[]): void {
    const manifest = { ...this.#manifest, ...last };
    this.#write(finishedManifest(manifest, ending, run, this.#spec, degraded));
    endTags(this.#spec.dir, this.#manifest);
  }

  #write(manifest: Manifest): void {
    this.#manifest = manifest;
    writeManifest(this.#spec.dir, manifest);
  }
}

import type { EnvironmentRecord } from '../core/environment.ts';
import { messageOf } from '../core/errors.ts';
import type { Attempt, Manifest } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { countWarnings, endWarnings } from '../logging/warnings.ts';
import { warnOnce } from '../logging/text.ts';
import { describeEnvironment } from '../provenance/environment.ts';
import { loadedPackages } from '../provenance/loaded-packages.ts';
import { writeEnvironment } from '../store/environment-file.ts';
import { ResourceMeter } from './resource-use.ts';
import type { Run } from './run.ts';

/** Keeps what an attempt works in, what it uses of the machine and what it is warned of. */
export class RunRecord {
  readonly #spec: RunSpec;
  readonly #run: Run;
  readonly #soon: NodeJS.Immediate;
  #environment: EnvironmentRecord;
  readonly #meter = new ResourceMeter();

  /** @param attempt counts from 1. */
  constructor(spec: RunSpec, run: Run, attempt: number) {
    this.#spec = spec;
    this.#run = run;
    const { file, environment: variables } = spec;
    this.#environment = describeEnvironment({ attempt, file, variables });
    this.#write();
    // There may be hundreds of packages: the start does not wait for their versions.
    this.#soon = setImmediate(() => this.#addPackages()).unref();
    countWarnings(run);
  }

  /** The manifest with what is known at the end of the attempt; packages loaded on the way are kept, too. */
  end(manifest: Manifest): Manifest {
    clearImmediate(this.#soon);
    this.#addPackages();
    const warnings = endWarnings(this.#run);
    const last: Attempt = {
      ...manifest.attempts.at(-1)!,
      ...(warnings !== undefined && { warnings }),
      resources: this.#meter.read(),
    };
    return {
      ...manifest,
      attempts: [...manifest.attempts.slice(0, -1), last],
    };
  }

  #addPackages(): void {
    const packages = loadedPackages();
    const count = Object.keys(packages).length;
    if (count === Object.keys(this.#environment.packages ?? {}).length) return;
    this.#environment = { ...this.#environment, packages };
    this.#write();
  }

  #write(): void {
    const { dir, ghost } = this.#spec;
    if (ghost === true) return;
    try {
      writeEnvironment(dir, this.#environment);
    } catch (error) {
      // A full disk, or a directory that somebody has removed: no matter of the run's own.
      warnOnce(`environment.json of the run is not written: ${messageOf(error)}`);
    }
  }
}

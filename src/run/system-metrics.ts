import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { LONGEST_TIMEOUT_MS } from '../core/longest-timeout.ts';
import { joinTag, SYSTEM_PREFIX } from '../core/tag.ts';
import type { SystemMetricsOption } from '../core/run-spec.ts';
import { readGpuLoad, type GpuLoad } from './gpu-load.ts';
import { MachineLoad } from './machine-load.ts';

const DEFAULT_EVERY_S = 10;
const SHORTEST_EVERY_S = 0.1;

/**
 * Seconds between two rows of system metrics, as an option asks for them; `undefined` for none.
 * @throws {ExpError} EXP_LOG for a time that is none.
 */
export function systemMetricsEvery(option: SystemMetricsOption | undefined): number | undefined {
  if (option === undefined || option === false) return undefined;
  if (option === true) return DEFAULT_EVERY_S;
  const { every } = option;
  if (Number.isFinite(every) && every >= SHORTEST_EVERY_S) return every;
  throw new ExpError(
    'EXP_LOG',
    `systemMetrics.every must be at least ${SHORTEST_EVERY_S} seconds, got ${jsonLine(every)}.`,
  );
}

/**
 * Reports what machine and process do while a run is under way, every so many seconds, and once at
 * its end. It keeps no process alive, and never waits for nvidia-smi but when the loop is idle.
 */
export class SystemMetrics {
  readonly #everyMs: number;
  readonly #report: (tags: readonly string[], values: readonly number[]) => void;
  readonly #machine = new MachineLoad();
  readonly #timer: NodeJS.Timeout;
  #hasGpus = false;
  #isAsking = false;
  readonly #over = new AbortController();
  #newest: readonly GpuLoad[] = [];
  #reportedAt = performance.now();

  constructor(
    everyS: number,
    report: (tags: readonly string[], values: readonly number[]) => void,
  ) {
    this.#everyMs = Math.min(everyS * 1000, LONGEST_TIMEOUT_MS);
    this.#report = report;
    this.#timer = setInterval(() => this.#tick(), this.#everyMs).unref();
    void this.#askGpus();
  }

  /** Reports now if it is time: for a loop in which no timer fires. */
  reportIfDue(): void {
    // A timer that can fire is about to.
    if (performance.now() - this.#reportedAt > 1.5 * this.#everyMs) this.#write();
  }

  /** Reports for the last time. */
  stop(): void {
    this.#over.abort();
    clearInterval(this.#timer);
    this.#write();
    this.#machine.stop();
  }

  #tick(): void {
    if (!this.#hasGpus) this.#write();
    else if (!this.#isAsking) {
      // The row waits for the GPUs, so that one row holds it all.
      void this.#askGpus().then(() => this.#over.signal.aborted || this.#write());
    }
  }

  async #askGpus(): Promise<void> {
    this.#isAsking = true;
    const loads = (await readGpuLoad(process.env, this.#over.signal)) ?? [];
    this.#isAsking = false;
    this.#hasGpus = loads.length > 0;
    this.#newest = loads;
  }

  #write(): void {
    const load = this.#machine.read();
    this.#newest.forEach(({ percent, memoryMib }, i) => {
      if (percent !== undefined) load[`gpu${i}_percent`] = percent;
      if (memoryMib !== undefined) load[`gpu${i}_memory_mib`] = memoryMib;
    });
    this.#newest = [];
    const names = Object.keys(load);
    if (names.length === 0) return;
    this.#reportedAt = performance.now();
    const tags = names.map((name) => joinTag(SYSTEM_PREFIX, name));
    // More digits than anyone wants to know would only fill the disk.
    const values = Object.values(load).map((value) => Number(value.toPrecision(6)));
    this.#report(tags, values);
  }
}

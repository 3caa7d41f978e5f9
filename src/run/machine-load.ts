import { cpus, freemem, totalmem } from 'node:os';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const MIB = 1 << 20;
/** Shares of a shorter time say nothing. */
const SHORTEST_MS = 50;

/** Tells what this process and its machine have done since it was last asked. */
export class MachineLoad {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #at = performance.now();
  #process = process.cpuUsage();
  #machine = machineTimes();

  constructor() {
    this.#delay.enable();
  }

  /** Names and values; without any where it was asked just before. */
  read(): Record<string, number> {
    const now = performance.now();
    const passedMs = now - this.#at;
    if (passedMs < SHORTEST_MS) return {};
    const used = process.cpuUsage();
    const machine = machineTimes();
    const total = machine.total - this.#machine.total;
    const { rss, heapUsed } = process.memoryUsage();
    const load = {
      cpu_percent: (100 * (totalOf(used) - totalOf(this.#process))) / 1000 / passedMs,
      ...(total > 0 && {
        machine_cpu_percent: 100 * ((machine.busy - this.#machine.busy) / total),
      }),
      memory_mib: rss / MIB,
      heap_mib: heapUsed / MIB,
      machine_memory_percent: 100 * (1 - freemem() / totalmem()),
      ...this.#loopDelay(),
    };
    this.#at = now;
    this.#process = used;
    this.#machine = machine;
    return load;
  }

  stop(): void {
    this.#delay.disable();
  }

  /** How much later than planned the event loop came round, in milliseconds. */
  #loopDelay(): Record<string, number> {
    const { count, mean, max } = this.#delay;
    const p99 = this.#delay.percentile(99);
    this.#delay.reset();
    // A loop that never comes round has no delay to tell.
    if (count === 0) return {};
    return {
      loop_delay_ms: lateBy(mean),
      loop_delay_p99_ms: lateBy(p99),
      loop_delay_max_ms: lateBy(max),
    };
  }
}

/** Microseconds. */
function totalOf({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/** It is measured from one time round to the next, in nanoseconds; those are planned that far apart. */
function lateBy(ns: number): number {
  return Math.max(0, ns / 1e6 - RESOLUTION_MS);
}

/** What all CPUs of the machine have done since it started, in milliseconds. */
function machineTimes(): { readonly busy: number; readonly total: number } {
  let [busy, total] = [0, 0];
  for (const { times } of cpus()) {
    const work = times.user + times.nice + times.sys + times.irq;
    busy += work;
    total += work + times.idle;
  }
  return { busy, total };
}

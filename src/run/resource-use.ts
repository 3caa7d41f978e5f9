import type { ResourceUse } from '../core/environment.ts';

/** Measures what an attempt uses of the machine, from the moment it is made. */
export class ResourceMeter {
  readonly #before = process.resourceUsage();
  readonly #startedMs = performance.now();

  /** What has been used so far; the memory is that of the whole process. */
  read(): ResourceUse {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    return {
      userSeconds: seconds(userCPUTime - this.#before.userCPUTime),
      systemSeconds: seconds(systemCPUTime - this.#before.systemCPUTime),
      wallSeconds: seconds((performance.now() - this.#startedMs) * 1000),
      maxRssBytes: maxRSS * 1024,
    };
  }
}

function seconds(microseconds: number): number {
  return Math.round(microseconds / 1000) / 1000;
}

import { cpus, hostname, release, totalmem } from 'node:os';
import type { JsonObject } from '../core/json.ts';

/** The machine a run works on. */
export function describeHost(): JsonObject {
  const all = cpus();
  return {
    name: hostname(),
    platform: process.platform,
    arch: process.arch,
    release: release(),
    cpu: all[0]?.model ?? 'unknown',
    cpus: all.length,
    memoryBytes: totalmem(),
  };
}

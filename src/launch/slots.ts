import type { Slot } from '../core/launcher.ts';

/** What a machine has to share out. */
export interface Resources {
  /** Logical CPUs; empty where runs cannot be pinned. */
  readonly cpus: readonly number[];
  readonly gpus: readonly string[] | undefined;
}

/**
 * Shares a machine out to `count` slots. CPUs are dealt in even, contiguous shares that never
 * overlap, what does not divide is left idle; with fewer CPUs than slots, nothing is pinned. GPUs
 * are dealt out one by one, and go round again when there are more slots than GPUs.
 */
export function planSlots(count: number, { cpus, gpus }: Resources): Slot[] {
  const share = Math.floor(cpus.length / count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    cpus: cpus.slice(index * share, (index + 1) * share),
    ...(gpus !== undefined && { gpus: gpusOf(index, count, gpus) }),
  }));
}

function gpusOf(index: number, count: number, gpus: readonly string[]): string[] {
  if (gpus.length === 0) return [];
  if (count >= gpus.length) return [gpus[index % gpus.length]!];
  const share = Math.floor(gpus.length / count);
  return gpus.slice(index * share, (index + 1) * share);
}

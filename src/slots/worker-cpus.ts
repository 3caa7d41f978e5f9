import { readCode } from './affinity.ts';

/**
 * The CPUs of each worker that a run may start on its cores, ascending: those of one core each,
 * siblings together, or as an affinity code of rlpyt divides the cores of a run.
 * @param cores the CPUs of each core.
 */
export function workerCpus(cores: readonly (readonly number[])[], code?: string): number[][] {
  if (code === undefined) return cores.map(ascending);
  const { cpw, res, gpr, ass, alt } = readCode(code).split;
  // Each GPU of a run has a process of its own; an asynchronous sampler has what those leave.
  const parts = ass === 1 ? 1 : gpr;
  const reserved = ass === 1 ? res * gpr : res;
  const each = cores.length / parts;
  const groups = span(parts).flatMap((part) => {
    const free = cores.slice(part * each + reserved, (part + 1) * each);
    return span(free.length / cpw).map((i) => free.slice(i * cpw, (i + 1) * cpw));
  });
  if (alt === 0) return groups.map((group) => ascending(group.flat()));
  // They take turns on hyperthreads, or on the same CPU where a core has no second one.
  const turn = (of: (cpus: readonly number[]) => number): number[][] =>
    groups.map((group) => ascending(group.map(of)));
  return [...turn(([first]) => first!), ...turn(([first, second]) => second ?? first!)];
}

/** The numbers in order. */
export function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

function span(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

import type { Split } from './affinity-code.ts';

/** The devices of a process that works by itself, or of one of several that share a run. */
export interface DeviceAffinity {
  /** All logical CPUs it may use. */
  readonly allCpus: readonly number[];
  /** Those of its main process: all of them. */
  readonly masterCpus: readonly number[];
  /** The logical CPUs of each of its workers. */
  readonly workersCpus: readonly (readonly number[])[];
  /** Threads for numeric libraries in the main process. */
  readonly masterThreads: number;
  /** Threads for numeric libraries in each worker. */
  readonly workerThreads: number;
  /** Whether the workers come twice, to take turns. */
  readonly alternating: boolean;
  /** False where processes are to stay unpinned. */
  readonly setAffinity: boolean;
  /** The GPU, counted from 0 among those that are visible; `undefined` without one. */
  readonly cudaIndex?: number;
}

/** A run without GPUs, or with one. */
export function singleAffinity(slot: number, split: Split): DeviceAffinity {
  const { cpu, gpu, cxg, cpr } = split;
  if (gpu === 0) return onCores(coresOf(slot, cpu / cpr, split), split);
  // GPUs are filled before any of them is shared.
  const part = (slot % gpu) * cxg + Math.floor(slot / gpu);
  const cores = coresOf(part, gpu * cxg, split);
  return { ...onCores(cores, split), cudaIndex: Math.floor(part / cxg) };
}

/** The cores' CPUs: the cores themselves and then their hyperthreads. */
export function cpusOf(cores: readonly number[], hto: number): number[] {
  return hto > 0 ? [...cores, ...cores.map((core) => core + hto)] : [...cores];
}

/** A main process on these cores, with workers on `workerCores`. */
export function onCores(
  cores: readonly number[],
  split: Split,
  workerCores: readonly number[] = cores.slice(split.res),
): DeviceAffinity {
  const { hto, cpw, alt, saf } = split;
  const cpus = cpusOf(cores, hto);
  return {
    allCpus: cpus,
    masterCpus: cpus,
    workersCpus: workers(workerCores, split),
    masterThreads: cores.length,
    workerThreads: cpw,
    alternating: alt === 1,
    setAffinity: saf === 1,
  };
}

/** `count` numbers from `first` on. */
export function span(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** The cores of one of `parts` even shares, on one socket or the same number of whole ones. */
function coresOf(part: number, parts: number, { cpu, hto, skt }: Split): number[] {
  const perSocket = Math.max(cpu, hto) / skt;
  const cores = cpu / parts;
  if (parts >= skt) {
    const partsPerSocket = parts / skt;
    const socket = Math.floor(part / partsPerSocket);
    return span(socket * perSocket + (part % partsPerSocket) * cores, cores);
  }
  const sockets = skt / parts;
  return span(part * sockets, sockets).flatMap((socket) =>
    span(socket * perSocket, cores / sockets),
  );
}

function workers(cores: readonly number[], { cpw, hto, alt }: Split): number[][] {
  const groups = span(0, cores.length / cpw).map((i) => cores.slice(i * cpw, (i + 1) * cpw));
  if (alt === 0) return groups.map((group) => cpusOf(group, hto));
  return [...groups, ...groups.map((group) => group.map((core) => core + hto))];
}

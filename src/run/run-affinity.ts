import type { AffinityRecord } from '../core/manifest.ts';
import { visibleGpuCount } from '../provenance/gpus.ts';
import { readTopology } from '../provenance/topology.ts';

/** The share of the machine that a run has, as its process sees it. */
export interface RunAffinity {
  /** The slot of a sweep that the run is in, counted from 0; `undefined` outside of sweeps. */
  readonly slot: number | undefined;
  /** The logical CPUs that it may use, ascending; `undefined` where nobody says. */
  readonly cpus: readonly number[] | undefined;
  /**
   * The CPUs for each worker that the run may start: one whole core each, siblings together, or as
   * the affinity code of rlpyt says that the sweep was started with.
   */
  readonly workerCpus: readonly (readonly number[])[] | undefined;
  /** The GPUs that it may use, as CUDA numbers them in this process: 0, 1 and so on. */
  readonly gpus: readonly number[];
  /** The affinity code with its slot, in a sweep that was started with one: `2slt_8cpu_4gpu`. */
  readonly code: string | undefined;
}

/**
 * What a run was given by its launcher, or without a slot what this process may use. Runs of a sweep
 * that are not pinned have no CPUs of their own.
 */
export function runAffinity(given: AffinityRecord | undefined): RunAffinity {
  const count = given?.gpus?.length ?? visibleGpuCount();
  const gpus = Array.from({ length: count }, (_, index) => index);
  if (given !== undefined) {
    const { slot, cpus, workerCpus, code } = given;
    return { slot, cpus, workerCpus, gpus, code };
  }
  const cores = readTopology().cores.map(({ allowed }) => allowed);
  const workerCpus = cores.filter((allowed) => allowed.length > 0);
  const isKnown = workerCpus.length > 0;
  return {
    slot: undefined,
    cpus: isKnown ? workerCpus.flat().sort((a, b) => a - b) : undefined,
    workerCpus: isKnown ? workerCpus : undefined,
    gpus,
    code: undefined,
  };
}

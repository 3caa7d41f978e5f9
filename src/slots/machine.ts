import { cpuCount } from '../provenance/cpus.ts';
import { readGpus, type Gpu } from '../provenance/gpus.ts';
import { readTopology, type Topology } from '../provenance/topology.ts';

/** What a machine has to share out, as far as this process may use it. */
export interface Machine extends Topology {
  /** `undefined` on a machine without any. */
  readonly gpus?: readonly Gpu[];
  /** How many runs to start where the platform does not tell its cores. */
  readonly parallelism: number;
}

/** Looks at this machine; asking nvidia-smi can take seconds. */
export function readMachine(): Machine {
  const gpus = readGpus();
  return { ...readTopology(), ...(gpus !== undefined && { gpus }), parallelism: cpuCount() };
}

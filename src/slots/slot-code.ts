import type { Slot } from '../core/launcher.ts';
import { encodeAffinity } from './affinity.ts';
import { cpuCount } from '../provenance/cpus.ts';
import { readTopology, type Topology } from '../provenance/topology.ts';

/**
 * The affinity code of rlpyt for the run in a slot, `0slt_2cpu_0gpu_2cpr_0hto_0saf` say. The code
 * takes the slot for a machine of its own: its cores, and its GPUs counted from 0, as
 * `CUDA_VISIBLE_DEVICES` has the program see them. `0saf` leaves processes as they are pinned
 * already, since such codes cannot name cores that do not begin at 0.
 */
export function slotCode({ cpus, gpus = [] }: Slot, topology: Topology = machine()): string {
  const own = topology.cores.filter((core) => core.cpus.some((cpu) => cpus.includes(cpu)));
  const physical = own.length > 0 ? own.length : cpus.length > 0 ? cpus.length : cpuCount();
  const nGpu = gpus.length;
  // Codes split their cores evenly over their GPUs.
  const nCpuCore = nGpu === 0 ? physical : Math.max(1, Math.floor(physical / nGpu)) * nGpu;
  const hasSiblings = own.length > 0 && cpus.length === 2 * own.length;
  return encodeAffinity({
    runSlot: 0,
    nCpuCore,
    nGpu,
    ...(nGpu === 0 ? { cpuPerRun: nCpuCore } : { gpuPerRun: nGpu }),
    hyperthreadOffset: hasSiblings ? nCpuCore : 0,
    nSocket: 1,
    setAffinity: false,
  });
}

let known: Topology | undefined;

// Hundreds of files on a large machine, for every run.
function machine(): Topology {
  known ??= readTopology();
  return known;
}

import { cpuCount } from '../provenance/cpus.ts';
import { visibleGpus } from '../provenance/gpus.ts';
import { readTopology, type Topology } from '../provenance/topology.ts';

/** What an affinity code can say about a machine. */
export interface CodeMachine {
  /** Physical cores. */
  readonly cores: number;
  /** What to add to a core's number for its hyperthread; 0 where there is no such number. */
  readonly hyperthreadOffset: number;
  readonly sockets: number;
  readonly gpus: number;
}

/** This machine as far as this process may use it; GPUs are asked for on demand, which takes time. */
export function codeMachine(withGpus = false): CodeMachine {
  return describeForCodes(readTopology(), withGpus ? (visibleGpus()?.length ?? 0) : 0);
}

/** Cores that may not be used do not count, and neither do sockets that have none others. */
export function describeForCodes({ cores }: Topology, gpus: number): CodeMachine {
  const usable = cores.filter(({ allowed }) => allowed.length > 0);
  // Without a word from the platform, each CPU counts as a core.
  if (usable.length === 0) return { cores: cpuCount(), hyperthreadOffset: 0, sockets: 1, gpus };
  const sockets = new Set(usable.map(({ socket }) => socket)).size;
  return { cores: usable.length, hyperthreadOffset: siblingOffset(cores), sockets, gpus };
}

// Codes take hyperthreads to be numbered after all cores; elsewhere they can only do without.
function siblingOffset(cores: Topology['cores']): number {
  const isRegular = cores.every(
    ({ cpus: [core = 0, hyperthread = 0, ...others] }) =>
      others.length === 0 && hyperthread - core === cores.length,
  );
  return isRegular ? cores.length : 0;
}

import { cpusOf, onCores, span, type DeviceAffinity } from './affinity-build.ts';
import type { Split } from './affinity-code.ts';

/** The devices of one process of the optimizer. */
export interface OptimizerAffinity {
  readonly cpus: readonly number[];
  /** The GPU, counted from 0 among those that are visible. */
  readonly cudaIndex: number;
  /** Threads for numeric libraries. */
  readonly threads: number;
  readonly setAffinity: boolean;
}

/** The devices of a run whose sampler works beside its optimizer. */
export interface AsyncAffinity {
  /** All logical CPUs of the run. */
  readonly allCpus: readonly number[];
  /** One for each GPU of the optimizer. */
  readonly optimizer: readonly OptimizerAffinity[];
  /** One for each GPU of the sampler; without any, a single one on CPUs. */
  readonly sampler: readonly DeviceAffinity[] | DeviceAffinity;
  readonly setAffinity: boolean;
}

/** Where the cores and GPUs of a run begin on one of its sockets. */
interface Start {
  readonly core: number;
  readonly gpu: number;
}

/**
 * A run whose sampler has GPUs of its own, shares the optimizer's, or has none. Where it spans sockets,
 * rlpyt counts the sampler's cores wrongly (below 0, or the optimizer's own); here they follow
 * those of the optimizer on each socket.
 */
export function asyncAffinity(slot: number, split: Split): AsyncAffinity {
  const { gpr, sgr, oss, res, hto, saf } = split;
  const starts = startsOf(slot, split);
  const onSocket = { gpr: gpr / starts.length, sgr: sgr / starts.length };
  const optimizer = starts.flatMap(({ core, gpu }) =>
    span(0, onSocket.gpr).map((i) => ({
      cpus: cpusOf(span(core + i * res, res), hto),
      cudaIndex: gpu + i,
      threads: res,
      setAffinity: saf === 1,
    })),
  );
  const slots = split.gpu / (gpr + sgr);
  const cores = split.cpu / slots - res * gpr;
  const samplers = (oss === 1 ? onSocket.gpr : onSocket.sgr) * starts.length;
  const first = ({ core }: Start): number => core + onSocket.gpr * res;
  const sampler =
    samplers === 0
      ? sample(
          starts.flatMap((start) => span(first(start), cores / starts.length)),
          split,
        )
      : starts.flatMap((start) =>
          span(0, samplers / starts.length).map((i) => ({
            ...sample(span(first(start) + (i * cores) / samplers, cores / samplers), split),
            cudaIndex: start.gpu + (oss === 1 ? 0 : onSocket.gpr) + i,
          })),
        );
  const all = [...optimizer.map(({ cpus }) => cpus), ...[sampler].flat().map((it) => it.allCpus)];
  return { allCpus: all.flat(), optimizer, sampler, setAffinity: saf === 1 };
}

/** One start for a run that fits on a socket, and one for each of its sockets otherwise. */
function startsOf(slot: number, { cpu, gpu, gpr, sgr, hto, skt }: Split): Start[] {
  const perRun = gpr + sgr;
  const slots = gpu / perRun;
  const coresPerSocket = Math.max(cpu, hto) / skt;
  const gpusPerSocket = gpu / skt;
  if (perRun <= gpusPerSocket) {
    const runsPerSocket = slots / skt;
    const socket = Math.floor(slot / runsPerSocket);
    const run = slot % runsPerSocket;
    return [
      {
        core: socket * coresPerSocket + (run * cpu) / slots,
        gpu: socket * gpusPerSocket + run * perRun,
      },
    ];
  }
  const sockets = skt / slots;
  return span(slot * sockets, sockets).map((socket) => ({
    core: socket * coresPerSocket,
    gpu: socket * gpusPerSocket,
  }));
}

// The cores that were reserved are the optimizer's: the sampler's workers use all of its own.
function sample(cores: readonly number[], split: Split): DeviceAffinity {
  return onCores(cores, split, [...cores]);
}

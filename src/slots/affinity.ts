import { asyncAffinity, type AsyncAffinity } from './affinity-async.ts';
import { singleAffinity, span, type DeviceAffinity } from './affinity-build.ts';
import { checkSplit } from './affinity-check.ts';
import { badCode, parseCode, withDefaults, type Split } from './affinity-code.ts';
import { codeMachine, type CodeMachine } from './code-machine.ts';
import { ExpError, isExpError } from '../core/errors.ts';

/** What `encodeAffinity` writes down; the names are those of rlpyt, in camel case. */
export interface AffinityOptions {
  /** Physical cores to use on the machine. Default 1. */
  readonly nCpuCore?: number;
  /** GPUs to use on the machine. Default 0. */
  readonly nGpu?: number;
  /** Runs that share each GPU. Default 1. */
  readonly contextsPerGpu?: number;
  /** Default 1. */
  readonly gpuPerRun?: number;
  /** Cores of each run, where there are no GPUs. Default 1. */
  readonly cpuPerRun?: number;
  /** Cores of each worker. Default 1. */
  readonly cpuPerWorker?: number;
  /** Cores of each run that its workers do not get. Default 0; 1 per GPU where `asyncSample` is on. */
  readonly cpuReserved?: number;
  /** What to add to a core's number for its hyperthread; 0 uses none. Default: as on this machine. */
  readonly hyperthreadOffset?: number;
  /** CPU sockets. Default: as on this machine. */
  readonly nSocket?: number;
  /** The slot of one run, counted from 0; without it the code is that of the machine. */
  readonly runSlot?: number;
  /** Sampler and optimizer of a run work at the same time. Default false. */
  readonly asyncSample?: boolean;
  /** GPUs of each run for its asynchronous sampler. Default 0. */
  readonly sampleGpuPerRun?: number;
  /** The asynchronous sampler uses the GPUs of the optimizer. Default false. */
  readonly optimSampleShareGpu?: boolean;
  /** Workers come twice, and take turns. Default false. */
  readonly alternating?: boolean;
  /** False leaves processes unpinned. Default true. */
  readonly setAffinity?: boolean;
}

/** What `quickAffinityCode` asks for. */
export interface QuickAffinityOptions {
  /** How many runs at once; needed without GPUs, and otherwise at most so many GPUs are used. */
  readonly nParallel?: number;
  /** Default true: use the GPUs that there are. */
  readonly useGpu?: boolean;
  /** Runs that share each GPU. Default 1. */
  readonly contextsPerGpu?: number;
}

/** The devices of a run: of one process, of one for each of its GPUs, or of optimizer and sampler. */
export type Affinity = DeviceAffinity | readonly DeviceAffinity[] | AsyncAffinity;

/**
 * Writes an affinity code of rlpyt, `8cpu_4gpu` say: how a machine is split into slots for runs.
 * Pure where `hyperthreadOffset` and `nSocket` are given; otherwise it asks the machine.
 * @throws ExpError (`EXP_USAGE`) for shares that are not even, and for a slot that is not there.
 */
export function encodeAffinity(options: AffinityOptions = {}): string {
  const { nCpuCore = 1, nGpu = 0, contextsPerGpu = 1, gpuPerRun = 1, cpuPerRun = 1 } = options;
  const { cpuPerWorker = 1, cpuReserved = 0, sampleGpuPerRun = 0, runSlot } = options;
  const { hyperthreadOffset: offset, nSocket: sockets } = withMachine(options);
  const fields: [isShown: boolean, value: number, tag: string][] = [
    [runSlot !== undefined, runSlot ?? 0, 'slt'],
    [true, nCpuCore, 'cpu'],
    [true, nGpu, 'gpu'],
    [contextsPerGpu !== 1, contextsPerGpu, 'cxg'],
    [gpuPerRun !== 1, gpuPerRun, 'gpr'],
    [nGpu === 0, cpuPerRun, 'cpr'],
    [cpuPerWorker !== 1, cpuPerWorker, 'cpw'],
    [offset !== nCpuCore, offset, 'hto'],
    [sockets !== 1, sockets, 'skt'],
    [cpuReserved !== 0, cpuReserved, 'res'],
    [options.asyncSample === true, 1, 'ass'],
    [sampleGpuPerRun !== 0, sampleGpuPerRun, 'sgr'],
    [options.optimSampleShareGpu === true, 1, 'oss'],
    [options.alternating === true, 1, 'alt'],
    [options.setAffinity === false, 0, 'saf'],
  ];
  const shown = fields.filter(([isShown]) => isShown);
  const code = shown.map(([, value, tag]) => `${value}${tag}`).join('_');
  readCode(code);
  return code;
}

/** The two numbers that the machine knows, where the options leave them out. */
function withMachine({ hyperthreadOffset, nSocket }: AffinityOptions) {
  if (hyperthreadOffset !== undefined && nSocket !== undefined) {
    return { hyperthreadOffset, nSocket };
  }
  const machine = codeMachine();
  return {
    hyperthreadOffset: hyperthreadOffset ?? machine.hyperthreadOffset,
    nSocket: nSocket ?? machine.sockets,
  };
}

/**
 * The code that splits this machine evenly over its GPUs, or over `nParallel` runs without any.
 * Cores that do not divide are left idle. Sockets are given up where runs do not split over them.
 * @param machine what to split instead of this machine.
 * @throws ExpError (`EXP_USAGE`) without GPUs and without `nParallel`, and for more runs than cores.
 */
export function quickAffinityCode(
  { nParallel, useGpu = true, contextsPerGpu = 1 }: QuickAffinityOptions = {},
  machine: CodeMachine = codeMachine(useGpu),
): string {
  const gpus = useGpu ? Math.min(machine.gpus, nParallel ?? machine.gpus) : 0;
  if (gpus === 0 && (nParallel ?? 0) < 1) {
    const reason = useGpu ? 'there are no GPUs here' : 'useGpu is false';
    throw new ExpError('EXP_USAGE', `nParallel must say how many runs to start: ${reason}.`);
  }
  const runs = gpus > 0 ? gpus * contextsPerGpu : Math.min(nParallel!, machine.cores);
  const coresPerRun = Math.floor(machine.cores / runs);
  if (coresPerRun < 1) {
    const message = `${machine.cores} cores are not enough for ${runs} runs; lower contextsPerGpu.`;
    throw new ExpError('EXP_USAGE', message);
  }
  const options = {
    nCpuCore: coresPerRun * runs,
    nGpu: gpus,
    ...(gpus > 0 ? { contextsPerGpu } : { cpuPerRun: coresPerRun }),
    hyperthreadOffset: machine.hyperthreadOffset,
  };
  try {
    return encodeAffinity({ ...options, nSocket: machine.sockets });
  } catch (error) {
    if (!isExpError(error)) throw error;
    return encodeAffinity({ ...options, nSocket: 1 });
  }
}

/**
 * The devices that a code with a slot, `0slt_8cpu_4gpu` say, gives to its run. Codes count cores and
 * hyperthreads from 0 on: they fit machines where all CPUs may be used.
 * @throws ExpError (`EXP_USAGE`) without a slot, for one that the code does not have, an unknown tag,
 * and shares that are not even.
 */
export function affinityFromCode(code: string): Affinity {
  const { slot, split } = readCode(code);
  if (slot === undefined) {
    throw badCode(code, `it has no slot. Put one in front: 0slt_${code}.`);
  }
  if (split.ass === 1) return asyncAffinity(slot, split);
  if (split.gpr === 1) return singleAffinity(slot, split);
  return span(slot * split.gpr, split.gpr).map((part) => singleAffinity(part, split));
}

/**
 * How many runs a code, with or without a slot, places on a machine at once.
 * @throws ExpError (`EXP_USAGE`) as {@link affinityFromCode} does.
 */
export function slotCount(code: string): number {
  return readCode(code).slots;
}

/** A code that can be used. */
interface ReadCode {
  readonly slot: number | undefined;
  readonly split: Split;
  readonly slots: number;
}

/** The numbers of a code, checked: its slot if it has one, its shares, and how many slots there are. */
export function readCode(code: string): ReadCode {
  const fields = parseCode(code);
  const split = withDefaults(fields);
  const slots = checkSplit(code, fields, split);
  const slot = fields.slt;
  if (slot !== undefined && slot >= slots) {
    throw badCode(code, `slot ${slot} is not there; it has ${slots}, counted from 0.`);
  }
  return { slot, split, slots };
}

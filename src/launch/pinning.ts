import type { Slot } from '../core/launcher.ts';

/** A command with its arguments and environment. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The directory it starts in; by default that of this process. */
  readonly cwd?: string;
  /** True for a program that knows nothing of us: it gets no message channel. */
  readonly isForeign?: boolean;
}

/**
 * What libraries ask for how many threads to compute with. `UV_THREADPOOL_SIZE` is none of them:
 * libuv's four threads wait for disks and names. With a single one, a file that blocks, as a pipe
 * without a writer does, would keep the whole process from its files.
 */
const THREAD_COUNTS = [
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'TF_NUM_INTRAOP_THREADS',
  'TF_NUM_INTEROP_THREADS',
  'RAYON_NUM_THREADS',
];

/**
 * The command with the CPUs and GPUs of a slot, which all it starts inherits. Libraries are told to
 * start as many threads as the slot has whole cores, where the environment does not say.
 */
export function inSlot(command: Command, slot: Slot): Command {
  const { file, args } = command;
  const { cores, gpus } = slot;
  const unset = THREAD_COUNTS.filter((name) => command.env[name] === undefined);
  const env = {
    ...command.env,
    ...slot.env,
    ...(cores !== undefined && Object.fromEntries(unset.map((name) => [name, String(cores)]))),
    ...(gpus !== undefined && {
      CUDA_VISIBLE_DEVICES: gpus.join(','),
      // As nvidia-smi counts them; CUDA itself puts the fastest first.
      CUDA_DEVICE_ORDER: command.env['CUDA_DEVICE_ORDER'] ?? 'PCI_BUS_ID',
    }),
  };
  if (slot.cpus.length === 0) return { ...command, env };
  const pinned = ['-c', slot.cpus.join(','), file, ...args];
  return { ...command, file: 'taskset', args: pinned, env };
}

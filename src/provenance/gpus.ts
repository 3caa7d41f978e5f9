import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCpuList } from './cpus.ts';

const TIMEOUT_MS = 10_000;

/** A GPU that runs may use, with what the driver tells of it. */
export interface Gpu {
  /** As `CUDA_VISIBLE_DEVICES` spells it: what that variable says where it is set, else the UUID. */
  readonly id: string;
  /** Where it is known, and not the {@link id}. */
  readonly uuid?: string;
  readonly name?: string;
  readonly memoryMiB?: number;
  /** The logical CPUs nearest to it; empty where the kernel does not tell. */
  readonly nearCpus: readonly number[];
}

/** A GPU as nvidia-smi lists it. */
export interface Listed extends Gpu {
  readonly index: string;
}

/**
 * The GPUs runs may use, as `CUDA_VISIBLE_DEVICES` spells them: the entries of that variable where
 * it is set, for they are all this process may hand out, and otherwise the UUIDs that nvidia-smi
 * lists. `undefined` on a machine without any.
 */
export function visibleGpus(env: NodeJS.ProcessEnv = process.env): string[] | undefined {
  return inheritedGpus(env) ?? listGpus('/')?.map(({ id }) => id);
}

/**
 * The GPUs of {@link visibleGpus} with what nvidia-smi and sysfs tell of them. CUDA stops at the
 * first entry of `CUDA_VISIBLE_DEVICES` that names no GPU, and so does this.
 * @param root of the file system that holds `sys`.
 */
export function readGpus(root = '/', env: NodeJS.ProcessEnv = process.env): Gpu[] | undefined {
  const listed = listGpus(root);
  const inherited = inheritedGpus(env);
  if (inherited === undefined) return listed?.map(({ index: _, ...gpu }) => gpu);
  const found = inherited.map((id) => describe(id, listed));
  const end = found.indexOf(undefined);
  return (end === -1 ? found : found.slice(0, end)).filter((gpu) => gpu !== undefined);
}

/**
 * How many GPUs CUDA shows this process, without asking nvidia-smi, which can take seconds.
 * @param root of the file system that holds `proc`.
 */
export function visibleGpuCount(root = '/', env: NodeJS.ProcessEnv = process.env): number {
  const inherited = inheritedGpus(env);
  if (inherited !== undefined) return inherited.length;
  try {
    return readdirSync(join(root, 'proc/driver/nvidia/gpus')).length;
  } catch {
    // no driver
    return 0;
  }
}

function inheritedGpus(env: NodeJS.ProcessEnv): string[] | undefined {
  const entries = env['CUDA_VISIBLE_DEVICES']?.split(',').map((entry) => entry.trim());
  const end = entries?.findIndex((entry) => !/^(\d+|(GPU|MIG)-.+)$/.test(entry)) ?? -1;
  return end === -1 ? entries : entries?.slice(0, end);
}

/** What is known of an entry of the variable; `undefined` where the driver knows no such GPU. */
function describe(id: string, listed: readonly Listed[] | undefined): Gpu | undefined {
  // Parts of GPUs are not among those that nvidia-smi lists.
  if (listed === undefined || id.startsWith('MIG-')) return { id, nearCpus: [] };
  const gpu = listed.find((gpu) => gpu.index === id || gpu.id.startsWith(id));
  if (gpu === undefined) return undefined;
  const { index: _, ...known } = gpu;
  return { ...known, id, ...(id !== gpu.id && { uuid: gpu.id }) };
}

function listGpus(root: string): Listed[] | undefined {
  try {
    const output = execFileSync('nvidia-smi', GPU_QUERY, {
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return parseGpus(output, root);
  } catch {
    // no driver: then there is nothing to share out
    return undefined;
  }
}

/** What nvidia-smi is asked. */
export const GPU_QUERY: readonly string[] = [
  '--query-gpu=index,uuid,pci.bus_id,name,memory.total',
  '--format=csv,noheader,nounits',
];

/** The GPUs in an answer to {@link GPU_QUERY}. */
export function parseGpus(output: string, root = '/'): Listed[] {
  return output.split('\n').flatMap((line) => parseGpu(line, root) ?? []);
}

/** A line of `0, GPU-5f2c..., 00000000:0A:00.0, NVIDIA A100-SXM4-40GB, 40960`. */
function parseGpu(line: string, root: string): Listed | undefined {
  const [index, id, bus, name, memory] = line.split(', ').map((field) => field.trim());
  if (index === undefined || id?.startsWith('GPU-') !== true) return undefined;
  return {
    index,
    id,
    ...(isKnown(name) && { name }),
    ...(isKnown(memory) && { memoryMiB: Number(memory) }),
    nearCpus: isKnown(bus) ? nearCpus(bus, root) : [],
  };
}

/** What the driver does not know is `[N/A]` or `[Not Supported]`. */
function isKnown(field: string | undefined): field is string {
  return field?.startsWith('[') === false;
}

/** The driver writes `00000000:0A:00.0` where sysfs has `0000:0a:00.0`. */
function nearCpus(bus: string, root: string): number[] {
  const address = bus.toLowerCase().replace(/^0000(?=[0-9a-f]{4}:)/, '');
  try {
    const file = join(root, 'sys/bus/pci/devices', address, 'local_cpulist');
    const list = readFileSync(file, 'utf8').trim();
    return list === '' ? [] : parseCpuList(list);
  } catch {
    // not told on this machine, or not mounted in this container
    return [];
  }
}

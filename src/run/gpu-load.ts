import { execFile } from 'node:child_process';

/** What one GPU is doing; a value that its driver does not know is left out. */
export interface GpuLoad {
  readonly percent?: number;
  readonly memoryMib?: number;
}

const QUERY = [
  '--query-gpu=index,uuid,utilization.gpu,memory.used',
  '--format=csv,noheader,nounits',
];
const TIMEOUT_MS = 10_000;

/**
 * Asks nvidia-smi what the GPUs that this process sees are doing, in the order in which it sees them.
 * `undefined` where there is no nvidia-smi, or it does not answer. A process that is over need not
 * wait for it, and `signal` ends it.
 */
export function readGpuLoad(
  env: NodeJS.ProcessEnv = process.env,
  signal?: AbortSignal,
): Promise<GpuLoad[] | undefined> {
  return new Promise((resolve) => {
    const child = execFile('nvidia-smi', QUERY, { encoding: 'utf8', env }, (error, output) => {
      clearTimeout(deadline);
      signal?.removeEventListener('abort', end);
      const { CUDA_VISIBLE_DEVICES: visible } = env;
      resolve(error === null ? parseGpuLoad(output, visible) : undefined);
    });
    // To a child that could not start, Node sends a signal as kill(0) does: to all of our group.
    const end = (): unknown => child.pid !== undefined && child.kill('SIGKILL');
    signal?.addEventListener('abort', end);
    // Not as an option: that timer would keep the process alive.
    const deadline = setTimeout(end, TIMEOUT_MS).unref();
    child.unref();
    for (const stream of [child.stdout, child.stderr]) {
      // A pipe is a socket, which its type does not say.
      (stream as unknown as { unref(): void } | null)?.unref();
    }
  });
}

/** nvidia-smi lists every GPU of the machine, whatever `CUDA_VISIBLE_DEVICES` says. */
function parseGpuLoad(output: string, visible: string | undefined): GpuLoad[] {
  const all = output.split('\n').flatMap((line) => {
    const [index, uuid, percent, memory] = line.split(', ');
    return uuid === undefined ? [] : [{ index, uuid, load: loadOf(percent, memory) }];
  });
  if (visible === undefined) return all.map(({ load }) => load);
  const loads: GpuLoad[] = [];
  for (const entry of visible.split(',').map((text) => text.trim())) {
    const found = all.find(
      ({ index, uuid }) => index === entry || (entry.startsWith('GPU-') && uuid.startsWith(entry)),
    );
    // CUDA sees nothing from the first entry on that names no GPU.
    if (found === undefined) break;
    loads.push(found.load);
  }
  return loads;
}

/** A driver spells what it does not know as `[N/A]` or `[Not Supported]`. */
function loadOf(percent: string | undefined, memory: string | undefined): GpuLoad {
  const [load, used] = [Number(percent), Number(memory)];
  return {
    ...(Number.isFinite(load) && { percent: load }),
    ...(Number.isFinite(used) && { memoryMib: used }),
  };
}

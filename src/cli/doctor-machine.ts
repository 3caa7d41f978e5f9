import { totalmem } from 'node:os';
import { existsSync } from 'node:fs';
import { readAmdGpus } from '../provenance/amd-gpus.ts';
import { askProgram } from '../provenance/ask-program.ts';
import { cpuCount } from '../provenance/cpus.ts';
import { GPU_QUERY, parseGpus } from '../provenance/gpus.ts';
import { fileSystemOf } from '../provenance/file-system.ts';
import { readMemoryLimit } from '../provenance/memory-limit.ts';
import { readTopology } from '../provenance/topology.ts';
import { firstLine, type Finding, type Probe } from './doctor-finding.ts';
import { bytesText, counted } from './format.ts';

const NVIDIA_MS = 10_000;
const LITTLE_ROOM = 2e9;

export const cores: Probe = () => {
  const name = 'cores';
  const { cores: all } = readTopology();
  if (all.length === 0) {
    return {
      name,
      status: 'note',
      found: `${counted(cpuCount(), 'CPU')}; this platform does not tell its cores`,
      cost: 'runs of a sweep are not pinned',
      remedy: 'Linux tells them',
    };
  }
  const sockets = new Set(all.map(({ socket }) => socket)).size;
  const usable = all.filter(({ allowed }) => allowed.length > 0);
  const cpus = usable.flatMap(({ allowed }) => allowed).length;
  const parts = [counted(sockets, 'socket'), counted(usable.length, 'core'), counted(cpus, 'CPU')];
  const others = all.length - usable.length;
  const rest = others === 0 ? '' : `; ${counted(others, 'core')} more, not for us`;
  return { name, status: 'ok', found: `${parts.join(', ')}${rest}` };
};

export const cpuTime: Probe = () => {
  const { quota } = readTopology();
  const name = 'CPU time';
  if (quota === undefined) return { name, status: 'ok', found: 'no limit by control groups' };
  return {
    name,
    status: 'note',
    found: `control groups allow ${counted(Number(quota.toFixed(2)), 'CPU')} of time`,
    cost: 'sweeps start no more runs at once than that',
    remedy: 'start the container or job with more CPUs',
  };
};

export const memory: Probe = () => {
  const limit = readMemoryLimit();
  const name = 'memory';
  const total = totalmem();
  if (limit === undefined || limit >= total) {
    return { name, status: 'ok', found: `${bytesText(total)}, no limit by control groups` };
  }
  return {
    name,
    status: 'note',
    found: `control groups allow ${bytesText(limit)} of ${bytesText(total)}`,
    cost: 'the kernel kills runs that together need more',
    remedy: 'fewer --slots, or a container or job with more memory',
  };
};

export const gpus: Probe = async () => {
  const name = 'GPUs';
  const answer = await askProgram('nvidia-smi', GPU_QUERY, NVIDIA_MS);
  if (answer.kind === 'ok') {
    const found = parseGpus(answer.text).map(({ name: model, id, memoryMiB }) => {
      return `${model ?? id}${memoryMiB === undefined ? '' : ` (${Math.round(memoryMiB / 1024)} GiB)`}`;
    });
    if (found.length > 0) return { name, status: 'ok', found: alike(found) };
  }
  const amd = readAmdGpus();
  if (amd.length > 0) {
    return {
      name,
      status: 'note',
      found: `of AMD: ${alike(amd)}`,
      cost: 'every run sees all of them: slots share out GPUs of NVIDIA',
      remedy: 'set ROCR_VISIBLE_DEVICES for the whole sweep',
    };
  }
  return noGpu(name, answer.kind === 'absent' ? undefined : answer);
};

function noGpu(name: string, answer: { kind: string; text?: string } | undefined): Finding {
  const cost = 'runs compute on CPUs';
  const remedy = 'nvidia-smi comes with the NVIDIA driver; containers need --gpus all';
  const hasDriver = existsSync('/proc/driver/nvidia/gpus');
  if (answer === undefined && !hasDriver) {
    return {
      name,
      status: 'note',
      found: 'none: there is no nvidia-smi on the PATH',
      cost,
      remedy,
    };
  }
  const why =
    answer === undefined
      ? 'the driver is there, and no nvidia-smi on the PATH'
      : answer.kind === 'slow'
        ? `nvidia-smi does not answer within ${NVIDIA_MS / 1000} s`
        : `nvidia-smi: ${firstLine(answer.text ?? '') || 'lists no GPU'}`;
  return { name, status: 'missing', found: why, cost, remedy };
}

export const disk: Probe = ({ root }) => {
  const name = 'disk';
  const { name: kind, isShared, freeBytes } = fileSystemOf(root);
  const found = `${bytesText(freeBytes)} free for runs${kind === undefined ? '' : `, on ${kind}`}`;
  if (freeBytes < LITTLE_ROOM) {
    const remedy = 'free some, or keep runs elsewhere: --root, or root in the project file';
    const cost = 'a full disk costs runs the rows that find no room';
    return { name, status: 'missing', found, cost, remedy };
  }
  if (kind === 'tmpfs') {
    const cost = 'runs there use up memory, and are gone after a restart of the machine';
    return { name, status: 'note', found, cost, remedy: 'keep runs elsewhere: --root' };
  }
  const shared = isShared ? '; shared between hosts, each file has one writer' : '';
  return { name, status: 'ok', found: `${found}${shared}` };
};

/** `2 × A100, 1 × T4`. */
function alike(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ');
}

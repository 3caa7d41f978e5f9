import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tryRead } from '../files/try-read.ts';
import { tightestLimit } from './control-groups.ts';
import { allowedCpus, parseCpuList } from './cpus.ts';

/** A physical core: CPUs that share it are siblings (hyperthreads). */
export interface Core {
  /** The socket (physical package) it sits on, as the kernel numbers them. */
  readonly socket: number;
  /** Its logical CPUs that are online, ascending. */
  readonly cpus: readonly number[];
  /** Those of them that this process may use; empty where it may use none. */
  readonly allowed: readonly number[];
}

/** What the kernel tells of the CPUs of a machine, and of what this process may use of them. */
export interface Topology {
  /** All cores, by socket and then by their first CPU; empty where the platform does not tell. */
  readonly cores: readonly Core[];
  /** CPUs of time per second that control groups allow, 1.5 say; `undefined` without a limit. */
  readonly quota?: number;
}

/**
 * Reads which CPUs this process may use, how they share cores and sockets, and how much time its
 * control groups allow. Where sysfs says nothing, each allowed CPU counts as a core of its own.
 * @param root of the file system that holds `proc` and `sys`.
 */
export function readTopology(root = '/'): Topology {
  const allowed = new Set(allowedCpus(root));
  const quota = readQuota(root);
  return {
    cores: allowed.size === 0 ? [] : readCores(root, allowed),
    ...(quota !== undefined && { quota }),
  };
}

function readCores(root: string, allowed: ReadonlySet<number>): Core[] {
  const cores = new Map<string, Core>();
  for (const id of onlineCpus(root, allowed)) {
    const folder = join(root, `sys/devices/system/cpu/cpu${id}/topology`);
    // Some machines give -1 for a socket they do not know.
    const socket = Math.max(0, Number(tryRead(join(folder, 'physical_package_id')) ?? 0));
    // A core_id comes again on every socket, and siblings need not be neighbours.
    const siblings = tryRead(join(folder, 'thread_siblings_list'))?.trim() ?? `${id}`;
    const { cpus = [], allowed: usable = [] } = cores.get(siblings) ?? {};
    cores.set(siblings, {
      socket,
      cpus: [...cpus, id],
      allowed: allowed.has(id) ? [...usable, id] : usable,
    });
  }
  return [...cores.values()].sort((a, b) => a.socket - b.socket || a.cpus[0]! - b.cpus[0]!);
}

/** Ascending; a CPU that may be used is online, whatever else is missing. */
function onlineCpus(root: string, allowed: ReadonlySet<number>): number[] {
  const folder = join(root, 'sys/devices/system/cpu');
  const online = tryRead(join(folder, 'online'))?.trim();
  const listed =
    online !== undefined && online !== ''
      ? parseCpuList(online)
      : list(folder).flatMap((name) => /^cpu(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
  return [...new Set([...listed, ...allowed])].sort((a, b) => a - b);
}

/** The tightest limit of time, in CPUs. */
function readQuota(root: string): number | undefined {
  return tightestLimit(root, 'cpu', { v1: readLimitV1, v2: readLimitV2 });
}

/** `150000 100000` in `cpu.max`: 150 ms of every 100 ms; `max` is no limit. */
function readLimitV2(folder: string): number | undefined {
  const [quota, period] = (tryRead(join(folder, 'cpu.max')) ?? '').trim().split(/\s+/);
  return limit(quota, period);
}

/** A `cpu.cfs_quota_us` of -1 is no limit. */
function readLimitV1(folder: string): number | undefined {
  return limit(
    tryRead(join(folder, 'cpu.cfs_quota_us')),
    tryRead(join(folder, 'cpu.cfs_period_us')),
  );
}

function limit(quota: string | undefined, period: string | undefined): number | undefined {
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // not on this platform, not mounted in this container
    return [];
  }
}

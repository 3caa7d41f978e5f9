import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A machine as the kernel would describe it, after the documented formats of proc and sysfs. */
export interface Machine {
  /** CPUs of each core, by socket; core numbers come again on each socket. */
  readonly sockets: readonly (readonly (readonly number[])[])[];
  /** `Cpus_allowed_list`. */
  readonly allowed: string;
  /** `online`; without it, only the folders of CPUs tell. */
  readonly online?: string;
  /** Other files, by path from the root. */
  readonly files?: Readonly<Record<string, string>>;
}

const V1 = '11:cpu,cpuacct:/docker/ab12\n4:memory:/docker/ab12\n0::/\n';
const V1_GROUP = 'sys/fs/cgroup/cpu,cpuacct';

export const MACHINES = {
  'one socket': { sockets: [[[0], [1], [2], [3]]], allowed: '0-3', online: '0-3' },
  'two sockets with hyperthreads': {
    sockets: [
      [[0, 8], [1, 9], [2, 10], [3, 11]],
      [[4, 12], [5, 13], [6, 14], [7, 15]],
    ],
    allowed: '0-15',
    online: '0-15',
  },
  'two sockets with interleaved numbers': {
    sockets: [
      [[0, 4], [2, 6]],
      [[1, 5], [3, 7]],
    ],
    allowed: '0-7',
    online: '0-7',
  },
  'siblings that are neighbours': { sockets: [[[0, 1], [2, 3], [4, 5]]], allowed: '0-5' },
  'holes in the allowed list': {
    sockets: [
      [[0, 8], [1, 9], [2, 10], [3, 11]],
      [[4, 12], [5, 13], [6, 14], [7, 15]],
    ],
    allowed: '1,3-5,9,12-13',
    online: '0-15',
  },
  'a CPU that is offline': { sockets: [[[0], [1], [3]]], allowed: '0-1,3', online: '0-1,3' },
  'a quota of 1.5 CPUs': {
    sockets: [[[0, 4], [1, 5], [2, 6], [3, 7]]],
    allowed: '0-7',
    online: '0-7',
    files: {
      'proc/self/cgroup': '0::/kubepods/pod1/main\n',
      'sys/fs/cgroup/kubepods/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/kubepods/pod1/cpu.max': '150000 100000\n',
      'sys/fs/cgroup/kubepods/pod1/main/cpu.max': '400000 100000\n',
    },
  },
  'cgroup v1': {
    sockets: [[[0], [1], [2], [3]]],
    allowed: '0-3',
    online: '0-3',
    files: {
      'proc/self/cgroup': V1,
      [`${V1_GROUP}/cpu.cfs_quota_us`]: '-1\n',
      [`${V1_GROUP}/cpu.cfs_period_us`]: '100000\n',
      [`${V1_GROUP}/docker/ab12/cpu.cfs_quota_us`]: '200000\n',
      [`${V1_GROUP}/docker/ab12/cpu.cfs_period_us`]: '100000\n',
    },
  },
  'cgroup v1, seen from inside': {
    // The path is that of the host, and the group itself is what is mounted.
    sockets: [[[0], [1], [2], [3]]],
    allowed: '0-3',
    online: '0-3',
    files: {
      'proc/self/cgroup': V1,
      [`${V1_GROUP}/cpu.cfs_quota_us`]: '50000\n',
      [`${V1_GROUP}/cpu.cfs_period_us`]: '100000\n',
    },
  },
} as const satisfies Record<string, Machine>; // prettier-ignore

/** Writes down what the kernel tells of a machine, and returns the root of its file system. */
export function writeMachine(root: string, machine: Machine): string {
  const { sockets, allowed, online, files = {} } = machine;
  const cpu = 'sys/devices/system/cpu';
  put(root, 'proc/self/status', `Name:\tnode\nCpus_allowed_list:\t${allowed}\nThreads:\t7\n`);
  if (online !== undefined) put(root, `${cpu}/online`, `${online}\n`);
  for (const [socket, cores] of sockets.entries()) {
    for (const [core, cpus] of cores.entries()) {
      for (const id of cpus) {
        const folder = `${cpu}/cpu${id}/topology`;
        put(root, `${folder}/core_id`, `${core}\n`);
        put(root, `${folder}/physical_package_id`, `${socket}\n`);
        put(root, `${folder}/thread_siblings_list`, `${cpus.join(',')}\n`);
      }
    }
  }
  return writeFiles(root, files);
}

/** Writes files by their paths from `root`, and returns it. */
export function writeFiles(root: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) put(root, path, text);
  return root;
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

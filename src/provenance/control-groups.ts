import { join } from 'node:path';
import { tryRead } from '../files/try-read.ts';

/** The folder of a control group. */
interface GroupFolder {
  readonly version: 1 | 2;
  readonly path: string;
}

/** Reads a limit from the folder of a control group of either version; `undefined` for none. */
interface LimitReaders {
  readonly v1: (folder: string) => number | undefined;
  readonly v2: (folder: string) => number | undefined;
}

/**
 * The tightest limit among the control groups of this process and those around them; `undefined`
 * without one.
 * @param controller as version 1 names it: `cpu`, `memory`.
 */
export function tightestLimit(
  root: string,
  controller: string,
  { v1, v2 }: LimitReaders,
): number | undefined {
  const limits = groupFolders(root, controller)
    .map(({ version, path }) => (version === 1 ? v1(path) : v2(path)))
    .filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

// The second one is where systemd puts it beside version 1.
const V2_MOUNTS = ['sys/fs/cgroup', 'sys/fs/cgroup/unified'];

/**
 * Where a controller may keep what it has on this process: its control group, and then those around
 * it. Not all of these folders are there: in a container the path may be that of the host, and the
 * group itself what is mounted.
 */
export function groupFolders(root: string, controller: string): GroupFolder[] {
  const groups = (tryRead(join(root, 'proc/self/cgroup')) ?? '').split('\n');
  return groups.flatMap((line): GroupFolder[] => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    const version = controllers === '' ? 2 : 1;
    if (version === 1 && !controllers.split(',').includes(controller)) return [];
    const v1Mounts = [...new Set([controllers, controller, 'cpu,cpuacct'])].map((name) =>
      join('sys/fs/cgroup', name),
    );
    const mounts = version === 2 ? V2_MOUNTS : v1Mounts;
    return mounts.flatMap((mount) =>
      upwards(path).map((group) => ({ version, path: join(root, mount, group) })),
    );
  });
}

/** A path and those above it: `/a/b`, `/a`, `/`. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return Array.from({ length: names.length + 1 }, (_, up) =>
    join('/', ...names.slice(0, names.length - up)),
  );
}

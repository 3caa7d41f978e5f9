import { readFileSync } from 'node:fs';
import { join } from 'node:path';

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
  const groups = (read(join(root, 'proc/self/cgroup')) ?? '').split('\n');
  const limits = groups.flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    if (controllers === '') {
      return V2_MOUNTS.flatMap((mount) => limitsAlong(join(root, mount), path, v2));
    }
    if (!controllers.split(',').includes(controller)) return [];
    const mounts = [...new Set([controllers, controller, 'cpu,cpuacct'])];
    return mounts.flatMap((name) => limitsAlong(join(root, 'sys/fs/cgroup', name), path, v1));
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}

// The second one is where systemd puts it beside version 1.
const V2_MOUNTS = ['sys/fs/cgroup', 'sys/fs/cgroup/unified'];

/** Limits from a group up to the mount: each one holds for all below it. */
function limitsAlong(
  mount: string,
  path: string,
  limitOf: (folder: string) => number | undefined,
): number[] {
  const names = path.split('/').filter((name) => name !== '');
  return Array.from({ length: names.length + 1 }, (_, depth) =>
    limitOf(join(mount, ...names.slice(0, depth))),
  ).filter((limit) => limit !== undefined);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // not on this platform, not mounted in this container
    return undefined;
  }
}

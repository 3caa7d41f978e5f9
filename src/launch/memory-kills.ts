import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How many processes of our control group the kernel has killed so far for want of memory, or on a
 * machine without such groups, how many of all; `undefined` where it does not tell.
 * @param root of the file system that holds `proc` and `sys`.
 */
export function memoryKills(root = '/'): number | undefined {
  for (const file of counters(root)) {
    const count = /^oom_kill (\d+)$/m.exec(tryRead(join(root, file)) ?? '')?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

/** The files that may hold the count, the nearest first. */
function counters(root: string): string[] {
  const groups = (tryRead(join(root, 'proc/self/cgroup')) ?? '').split('\n');
  const files = groups.flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) return [];
    // In a container the path may be that of the host, and the group itself what is mounted.
    const folders = [path, ''];
    if (controllers === '') {
      return folders.map((folder) => join('sys/fs/cgroup', folder, 'memory.events'));
    }
    if (!controllers.split(',').includes('memory')) return [];
    return folders.map((folder) =>
      join('sys/fs/cgroup', controllers, folder, 'memory.oom_control'),
    );
  });
  return [...files, 'proc/vmstat'];
}

function tryRead(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // not on this platform, not mounted in this container
    return undefined;
  }
}

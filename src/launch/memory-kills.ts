import { join } from 'node:path';
import { tryRead } from '../files/try-read.ts';
import { groupFolders } from '../provenance/control-groups.ts';

/**
 * How many processes of our control group the kernel has killed so far for want of memory, or on a
 * machine without such groups, how many of all; `undefined` where it does not tell.
 * @param root of the file system that holds `proc` and `sys`.
 */
export function memoryKills(root = '/'): number | undefined {
  const groups = groupFolders(root, 'memory').map(({ version, path }) =>
    join(path, version === 1 ? 'memory.oom_control' : 'memory.events'),
  );
  for (const file of [...groups, join(root, 'proc/vmstat')]) {
    const count = /^oom_kill (\d+)$/m.exec(tryRead(file) ?? '')?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

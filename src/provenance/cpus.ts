import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { tryRead } from '../files/try-read.ts';

/**
 * The logical CPUs this process may use, ascending: inside a container, a job of a batch system or
 * another `taskset` it is fewer than the machine has, and they need not start at 0. Empty where the
 * platform does not tell.
 * @param root of the file system that holds `proc`.
 */
export function allowedCpus(root = '/'): number[] {
  const list = allowedCpuList('self', root);
  return list === undefined ? [] : parseCpuList(list);
}

/** `Cpus_allowed_list` of a process, as in `0-3,8`; Linux only. */
export function allowedCpuList(pid: number | 'self' = 'self', root = '/'): string | undefined {
  const status = tryRead(join(root, `proc/${pid}/status`)) ?? '';
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
}

/** How many runs this machine can work on at once. */
export function cpuCount(): number {
  return availableParallelism();
}

/** Reads `0-3,8` as 0, 1, 2, 3, 8. */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/** Writes ascending CPUs as the kernel does: 0, 1, 2, 3, 8 as `0-3,8`. */
export function cpuListText(cpus: readonly number[]): string {
  const parts: string[] = [];
  for (let start = 0, end = 0; start < cpus.length; start = ++end) {
    while (cpus[end + 1] === cpus[end]! + 1) end++;
    parts.push(start === end ? `${cpus[start]}` : `${cpus[start]}-${cpus[end]}`);
  }
  return parts.join(',');
}

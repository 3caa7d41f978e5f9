import { isOnPath } from '../provenance/on-path.ts';

/** True where processes can be pinned to CPUs: `taskset` comes with util-linux, on Linux. */
export function canPin(): boolean {
  return process.platform === 'linux' && isOnPath('taskset');
}

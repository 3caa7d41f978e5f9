import { hostname } from 'node:os';
import type { ProcessIdentity } from '../core/manifest.ts';
import { tryRead } from '../files/try-read.ts';

/** Identifies a process of this machine, by default this one. */
export function identify(pid: number = process.pid): ProcessIdentity {
  const startTicks = startTicksOf(pid);
  const boot = bootId();
  return {
    pid,
    host: hostname(),
    ...(startTicks !== undefined && { startTicks }),
    ...(boot !== undefined && { bootId: boot }),
  };
}

/**
 * Whether the process still runs: `undefined` when it belongs to another host, where this one cannot
 * look. A zombie is gone, and so is a pid that another process has by now.
 */
export function isAlive(identity: ProcessIdentity): boolean | undefined {
  if (identity.host !== hostname()) return undefined;
  if (identity.bootId !== undefined && identity.bootId !== bootId()) return false;
  if (identity.startTicks === undefined || isHidden(identity.pid)) return exists(identity.pid);
  return startTicksOf(identity.pid) === identity.startTicks;
}

/** True for a process of another user on a machine that shows nobody those of others. */
function isHidden(pid: number): boolean {
  return tryRead(`/proc/${pid}/stat`) === undefined && exists(pid);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat; `undefined` without /proc, or for a process that is gone. */
function startTicksOf(pid: number): number | undefined {
  const stat = tryRead(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the command in brackets, which may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : Number(fields[19]);
}

function bootId(): string | undefined {
  return tryRead('/proc/sys/kernel/random/boot_id')?.trim();
}

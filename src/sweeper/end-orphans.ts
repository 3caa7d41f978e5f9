import { ExpError } from '../core/errors.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import { isAlive } from '../store/process-identity.ts';
import type { StoredRun } from '../store/stored-run.ts';

/** How long a process may take to notice that its launcher is gone. */
const PATIENCE_MS = 10_000;
const KILL_MS = 5_000;
const POLL_MS = 50;

/**
 * Waits until no process works on any of these runs, whose launcher is gone: they notice, and end.
 * One that does not is killed, with all it has started.
 * @throws {ExpError} EXP_USAGE for one on another host, EXP_LAUNCH for one that survives.
 */
export async function endOrphans(runs: readonly StoredRun[]): Promise<void> {
  const owners = runs.filter(({ status }) => status === 'running').flatMap(ownerOf);
  const away = owners.find(({ process: owner }) => isAlive(owner) === undefined);
  if (away !== undefined) {
    throw new ExpError(
      'EXP_USAGE',
      `The run ${away.id} still works on "${away.process.host}". Stop it there first.`,
    );
  }
  if (await areGone(owners, PATIENCE_MS)) return;
  for (const { process: owner } of owners) if (isAlive(owner) === true) killGroup(owner.pid);
  if (await areGone(owners, KILL_MS)) return;
  const left = owners.find(({ process: owner }) => isAlive(owner) === true);
  if (left === undefined) return;
  throw new ExpError(
    'EXP_LAUNCH',
    `The process ${left.process.pid} of the run ${left.id} does not end, not even by SIGKILL. Look what it waits for.`,
  );
}

interface Owner {
  /** Of the run. */
  readonly id: string;
  readonly process: ProcessIdentity;
}

function ownerOf({ manifest }: StoredRun): Owner[] {
  const owner = manifest.attempts.at(-1)?.process;
  return owner === undefined ? [] : [{ id: manifest.id, process: owner }];
}

async function areGone(owners: readonly Owner[], patienceMs: number): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (owners.some(({ process: owner }) => isAlive(owner) === true)) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return true;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

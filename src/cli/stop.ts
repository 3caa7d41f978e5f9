import { basename } from 'node:path';
import { ExpError } from '../core/errors.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import { findRunOrSweep } from '../store/find-runs.ts';
import { launcherAt } from '../store/launcher-lock.ts';
import { isAlive } from '../store/process-identity.ts';

const PATIENCE_MS = 10_000;
const POLL_MS = 50;

/**
 * Asks a sweep's launcher, or a run's process, to end, and waits until it has.
 * @throws {ExpError} EXP_USAGE if it does not run, or runs on another host; EXP_LAUNCH if it stays.
 */
export async function stop(
  name: string,
  flags: { readonly root: string; readonly json?: boolean },
): Promise<void> {
  const root = flags.root;
  const { what, id, process: owner } = target(root, name);
  const alive = isAlive(owner);
  if (alive === undefined) {
    throw new ExpError('EXP_USAGE', `The ${what} ${id} runs on "${owner.host}". Stop it there.`);
  }
  if (!alive) throw new ExpError('EXP_USAGE', `The ${what} ${id} is not running.`);
  process.kill(owner.pid, 'SIGINT');
  const until = performance.now() + PATIENCE_MS;
  while (isAlive(owner) === true) {
    if (performance.now() > until) {
      throw new ExpError(
        'EXP_LAUNCH',
        `The ${what} ${id} (process ${owner.pid}) still runs ${PATIENCE_MS / 1000} s after SIGINT. ` +
          `End it with: kill -9 ${owner.pid}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ stopped: what, id })}\n`
      : `Stopped the ${what} ${id}.\n`,
  );
}

function target(
  root: string,
  name: string,
): { what: 'sweep' | 'run'; id: string; process: ProcessIdentity } {
  const found = findRunOrSweep(root, name);
  if (found.what === 'sweep') {
    const id = basename(found.dir);
    const owner = launcherAt(found.dir)?.process;
    if (owner === undefined) {
      throw new ExpError('EXP_USAGE', `The sweep ${id} is not running.`);
    }
    return { what: 'sweep', id, process: owner };
  }
  const { manifest } = found.run;
  const owner = manifest.attempts.at(-1)?.process;
  if (owner === undefined) throw new ExpError('EXP_USAGE', `The run ${manifest.id} never started.`);
  return { what: 'run', id: manifest.id, process: owner };
}

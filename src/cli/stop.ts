import { basename } from 'node:path';
import { ExpError } from '../core/errors.ts';
import type { ProcessIdentity } from '../core/manifest.ts';
import { findRun, listRunDirs, tryFindSweep } from '../store/find-runs.ts';
import { isAlive } from '../store/process-identity.ts';
import { readSweepPlan } from '../store/sweep-files.ts';

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
  const sweep = tryFindSweep(root, name);
  if (sweep !== undefined) {
    const plan = readSweepPlan(sweep);
    const runs = listRunDirs(root).filter((dir) => basename(dir).includes(name));
    if (runs.length > 0 && name !== plan.id) {
      throw new ExpError(
        'EXP_USAGE',
        `"${name}" fits the sweep ${plan.id} and ${runs.length} runs. Name one.`,
      );
    }
    return { what: 'sweep', id: plan.id, process: plan.launcher };
  }
  const { manifest } = findRun(root, name);
  const owner = manifest.attempts.at(-1)?.process;
  if (owner === undefined) throw new ExpError('EXP_USAGE', `The run ${manifest.id} never started.`);
  return { what: 'run', id: manifest.id, process: owner };
}

import { ExpError } from '../core/errors.ts';
import { isOfAttemptAlone } from '../core/layout.ts';
import type { Manifest } from '../core/manifest.ts';
import { isFinished } from '../core/status.ts';
import { endLastAttempt } from './end-attempt.ts';
import { writeManifest } from './manifest-file.ts';
import { identify } from './process-identity.ts';
import { setAside } from './start-over.ts';
import { StoredRun } from './stored-run.ts';

/**
 * Makes a run that is over ready for one more command, its next attempt: only what an attempt has for
 * itself moves to `attempts/<n>/`, and when the command ends, the run is what it was.
 * @throws {ExpError} EXP_USAGE for a run that has not ended.
 */
export function enterRun(dir: string): Manifest {
  const run = new StoredRun(dir);
  refuseOpen(run);
  const { manifest } = run;
  const { entered, attempts, ...rest } = manifest;
  const isLost = !isFinished(manifest.status);
  const gone = { status: 'interrupted', reason: 'its process was gone' };
  const ended = isLost && attempts.length > 0 ? endLastAttempt(attempts, gone) : attempts;
  setAside(dir, ended.length, isOfAttemptAlone);
  const queued: Manifest = {
    ...rest,
    status: 'queued',
    launcher: identify(),
    // The command before this one may have been lost as well.
    entered: entered ?? { status: isLost ? gone.status : manifest.status },
    attempts: ended,
  };
  writeManifest(dir, queued);
  return queued;
}

/** @throws {ExpError} EXP_USAGE for a run that is under way or waits for its turn. */
export function refuseOpen({ manifest, status }: StoredRun): void {
  const { id, attempts, launcher } = manifest;
  if (status !== 'running' && status !== 'queued') return;
  const process = status === 'running' ? attempts.at(-1)?.process : launcher;
  const by = process === undefined ? '' : `, by process ${process.pid} on ${process.host}`;
  throw new ExpError(
    'EXP_USAGE',
    `The run ${id} is ${status}${by}. Wait for its end before another command enters it.`,
  );
}

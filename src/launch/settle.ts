import { messageOf } from '../core/errors.ts';
import type { Outcome } from '../core/launcher.ts';
import type { Attempt, Manifest, ProcessIdentity, RunError } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { isFinished, type RunStatus } from '../core/status.ts';
import { readManifest, writeManifest } from '../store/manifest-file.ts';
import { identify } from '../store/process-identity.ts';
import type { Exit } from './worker.ts';

/** What is known of the end of a process that wrote no ending itself. */
export interface Verdict {
  readonly status: 'failed' | 'interrupted' | 'timeout';
  readonly reason: string;
  readonly exit?: Exit;
  /** The process that was to work on the run, where one came into being. */
  readonly process?: ProcessIdentity;
}

/**
 * Reads how a run ended once its process is gone, and writes the verdict into the manifest where the
 * process had no chance to: it was killed, or died before it began. A run that was ended for the time
 * it took says so, whatever the process made of it.
 */
export function settle(dir: string, verdict: Verdict): Manifest {
  const { status, reason, exit } = verdict;
  const manifest = readManifest(dir);
  const isOverruled = status === 'timeout' && isEndedBySignal(manifest.status);
  if (isFinished(manifest.status) && !isOverruled) return manifest;
  const error: RunError = {
    message: reason,
    ...(typeof exit?.code === 'number' && { exitCode: exit.code }),
    ...(typeof exit?.signal === 'string' && { signal: exit.signal }),
  };
  const endedAt = new Date().toISOString();
  const settled: Manifest = {
    ...manifest,
    status,
    endedAt,
    stopReason: reason,
    ...(status === 'failed' && { error }),
    attempts: settledAttempts(manifest, verdict, endedAt),
  };
  writeManifest(dir, settled);
  return settled;
}

function settledAttempts(
  { status: was, attempts, createdAt }: Manifest,
  { status, reason, process = identify() }: Verdict,
  endedAt: string,
): Attempt[] {
  const last = attempts.at(-1);
  // A process that died before it began has written nothing; it was an attempt all the same.
  if (was === 'queued' || last === undefined) {
    const startedAt = attempts.at(-1)?.endedAt ?? createdAt;
    return [...attempts, { process, startedAt, endedAt, status, reason }];
  }
  return [...attempts.slice(0, -1), { ...last, endedAt, status, reason }];
}

/** True for what a run may write itself when it is told to end. */
function isEndedBySignal(status: RunStatus): boolean {
  return status === 'interrupted' || status === 'failed';
}

/** {@link settle} as an outcome: an end that cannot be recorded says so. */
export function settledOutcome(
  spec: RunSpec,
  verdict: Verdict,
  stderr: readonly string[] = [],
): Outcome {
  try {
    const { status, stopReason } = settle(spec.dir, verdict);
    return { spec, status, ...(stopReason !== undefined && { reason: stopReason }), stderr };
  } catch (error) {
    // The directory is gone, or the disk takes nothing more: say both.
    const reason = `${verdict.reason}; its end is not recorded: ${messageOf(error)}`;
    return { spec, status: verdict.status, reason, stderr };
  }
}

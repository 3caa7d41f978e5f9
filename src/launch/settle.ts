import { messageOf } from '../core/errors.ts';
import { isFailure } from '../core/hook.ts';
import type { Outcome } from '../core/launcher.ts';
import type { Manifest, ProcessIdentity, RunError } from '../core/manifest.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { isFinished, type RunStatus } from '../core/status.ts';
import { endTags } from '../snapshots/run-tags.ts';
import { startCommand } from '../logging/hook-command.ts';
import { endedManifest } from '../store/end-attempt.ts';
import { readManifest, tryReadManifest, writeManifest } from '../store/manifest-file.ts';
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
 * @param entered true for one more command in a run that is over.
 */
export function settle(dir: string, verdict: Verdict, entered = false): Manifest {
  const { status, reason, exit } = verdict;
  const manifest = readManifest(dir);
  const ended = workStatus(manifest, entered);
  const isOverruled = status === 'timeout' && isEndedBySignal(ended);
  if (isFinished(ended) && !isOverruled) return manifest;
  const error: RunError = {
    message: reason,
    ...(typeof exit?.code === 'number' && { exitCode: exit.code }),
    ...(typeof exit?.signal === 'string' && { signal: exit.signal }),
  };
  // A further command leaves the run what it was, also one that had ended it before we did.
  const isOver = entered && isFinished(manifest.status);
  const whole = isOver ? { ...manifest, entered: { status: manifest.status } } : manifest;
  const settled = endedManifest(begun(whole, verdict), {
    status,
    reason,
    ...(status === 'failed' && { error }),
  });
  writeManifest(dir, settled);
  endTags(dir, settled);
  return settled;
}

/** A process that died before it began has written nothing; it was an attempt all the same. */
function begun(manifest: Manifest, { process = identify() }: Verdict): Manifest {
  const { status, attempts, createdAt } = manifest;
  const last = attempts.at(-1);
  if (status !== 'queued' && last !== undefined) return manifest;
  const startedAt = last?.endedAt ?? createdAt;
  return { ...manifest, attempts: [...attempts, { process, startedAt, status: 'running' }] };
}

/** The status of what a process was to do: that of the run or, of a further command, of its attempt. */
function workStatus({ status, attempts }: Manifest, entered = false): RunStatus {
  return entered && isFinished(status) ? (attempts.at(-1)?.status ?? status) : status;
}

/** True for what a run may write itself when it is told to end. */
function isEndedBySignal(status: RunStatus): boolean {
  return status === 'interrupted' || status === 'failed';
}

/** The run's process had no chance to call its hooks: those that are commands are started. */
function startHooks(
  { id, dir, experiment, hooks }: RunSpec,
  status: RunStatus,
  error: string,
  before: RunStatus | undefined,
): void {
  const facts = { id, dir, experiment, status, error };
  const isEnded = before !== undefined && isFinished(before);
  if (hooks?.after !== undefined && !isEnded) startCommand(hooks.after, facts);
  const isCalled = isEnded && isFailure(before);
  if (hooks?.onFailure !== undefined && isFailure(status) && !isCalled) {
    startCommand(hooks.onFailure, facts);
  }
}

/** {@link settle} as an outcome: an end that cannot be recorded says so. */
export function settledOutcome(
  spec: RunSpec,
  verdict: Verdict,
  stderr: readonly string[] = [],
): Outcome {
  try {
    const found = tryReadManifest(spec.dir);
    const before = found && workStatus(found, spec.entered);
    const settled = settle(spec.dir, verdict, spec.entered);
    const last = settled.attempts.at(-1);
    const { status, reason: stopReason } =
      spec.entered === true && last !== undefined
        ? last
        : { status: settled.status, reason: settled.stopReason };
    if (status !== before) startHooks(spec, status, stopReason ?? '', before);
    return { spec, status, ...(stopReason !== undefined && { reason: stopReason }), stderr };
  } catch (error) {
    // The directory is gone, or the disk takes nothing more: say both.
    const reason = `${verdict.reason}; its end is not recorded: ${messageOf(error)}`;
    return { spec, status: verdict.status, reason, stderr };
  }
}

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
  const settled = endedManifest(begun(manifest, verdict), {
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
  if (hooks?.onFailure !== undefined && isFailure(status)) startCommand(hooks.onFailure, facts);
}

/** {@link settle} as an outcome: an end that cannot be recorded says so. */
export function settledOutcome(
  spec: RunSpec,
  verdict: Verdict,
  stderr: readonly string[] = [],
): Outcome {
  try {
    const before = tryReadManifest(spec.dir)?.status;
    const settled = settle(spec.dir, verdict);
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

import { constants } from 'node:os';
import type { Attempt, Manifest, ProcessIdentity, RunError } from '../core/manifest.ts';
import { isFinished } from '../core/status.ts';
import { readManifest, writeManifest } from '../store/manifest-file.ts';
import { identify } from '../store/process-identity.ts';
import type { Exit } from './worker.ts';

/** What is known of the end of a process that wrote no ending itself. */
export interface Verdict {
  readonly status: 'failed' | 'interrupted';
  readonly reason: string;
  readonly exit?: Exit;
  /** The process that was to work on the run, where one came into being. */
  readonly process?: ProcessIdentity;
}

/**
 * Reads how a run ended once its process is gone, and writes the verdict into the manifest where the
 * process had no chance to: it was killed, or died before it began.
 */
export function settle(dir: string, verdict: Verdict): Manifest {
  const { status, reason, exit } = verdict;
  const manifest = readManifest(dir);
  if (isFinished(manifest.status)) return manifest;
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

/** Why a process ended, in words. */
export function exitReason({ code, signal }: Exit, lastLine: string | undefined): string {
  if (signal !== null) {
    const memory = signal === 'SIGKILL' ? ', by someone or by the kernel for want of memory' : '';
    return `killed by ${signal} (signal ${constants.signals[signal]})${memory}`;
  }
  return `the process ended with exit code ${code}${lastLine === undefined ? '' : `: ${lastLine}`}`;
}

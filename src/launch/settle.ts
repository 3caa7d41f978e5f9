import { constants } from 'node:os';
import type { Manifest, RunError } from '../core/manifest.ts';
import { isFinished } from '../core/status.ts';
import { readManifest, writeManifest } from '../store/manifest-file.ts';
import type { Exit } from './worker.ts';

/** What is known of the end of a process that wrote no ending itself. */
export interface Verdict {
  readonly status: 'failed' | 'interrupted';
  readonly reason: string;
  readonly exit?: Exit;
}

/**
 * Reads how a run ended once its process is gone, and writes the verdict into the manifest where the
 * process had no chance to: it was killed, or died before it began.
 */
export function settle(dir: string, { status, reason, exit }: Verdict): Manifest {
  const manifest = readManifest(dir);
  if (isFinished(manifest.status)) return manifest;
  const error: RunError = {
    message: reason,
    ...(typeof exit?.code === 'number' && { exitCode: exit.code }),
    ...(typeof exit?.signal === 'string' && { signal: exit.signal }),
  };
  const endedAt = new Date().toISOString();
  const last = manifest.attempts.at(-1);
  const settled: Manifest = {
    ...manifest,
    status,
    endedAt,
    stopReason: reason,
    ...(status === 'failed' && { error }),
    attempts:
      last === undefined ? [] : [...manifest.attempts.slice(0, -1), { ...last, status, endedAt }],
  };
  writeManifest(dir, settled);
  return settled;
}

/** Why a process ended, in words. */
export function exitReason({ code, signal }: Exit, lastLine: string | undefined): string {
  if (signal !== null) {
    const memory = signal === 'SIGKILL' ? ', by someone or by the kernel for want of memory' : '';
    return `killed by ${signal} (signal ${constants.signals[signal]})${memory}`;
  }
  return `the process ended with exit code ${code}${lastLine === undefined ? '' : `: ${lastLine}`}`;
}

import type { Attempt, Manifest, RunError } from '../core/manifest.ts';
import type { RunStatus } from '../core/status.ts';

/** How an attempt ends. */
export interface AttemptEnd {
  readonly status: RunStatus;
  /** Why it ended before its time, in one line. */
  readonly reason?: string;
}

/** The attempts of a run, the last of them with its end. */
export function endLastAttempt(
  attempts: readonly Attempt[],
  { status, reason }: AttemptEnd,
  endedAt: string = new Date().toISOString(),
): Attempt[] {
  const why = reason === undefined ? {} : { reason };
  return [...attempts.slice(0, -1), { ...attempts.at(-1)!, endedAt, status, ...why }];
}

/** The manifest of a run whose last attempt ends, and the run with it. */
export function endedManifest(
  manifest: Manifest,
  { error, ...end }: AttemptEnd & { readonly error?: RunError },
): Manifest {
  const { status, reason } = end;
  const endedAt = new Date().toISOString();
  const { entered, ...run } = manifest;
  if (entered !== undefined) {
    // One more command ends: the run is what it was.
    const attempts = endLastAttempt(manifest.attempts, end, endedAt);
    const last = { ...attempts.at(-1)!, ...(error !== undefined && { error }) };
    return { ...run, status: entered.status, attempts: [...attempts.slice(0, -1), last] };
  }
  return {
    ...manifest,
    status,
    endedAt,
    ...(error !== undefined && { error }),
    ...(reason !== undefined && { stopReason: reason }),
    attempts: endLastAttempt(manifest.attempts, end, endedAt),
  };
}

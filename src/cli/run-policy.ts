import { formatDuration } from '../core/duration.ts';
import type { Retry, RunPolicy } from '../launch/run-all.ts';
import type { RunFlags } from './run-flags.ts';

/** What the flags say is done about runs that fail. */
export function policyOf(
  { failFast = false, retries = 0, timeout }: RunFlags,
  signal: AbortSignal,
): RunPolicy {
  return { failFast, retries, ...(timeout !== undefined && { timeoutMs: timeout }), signal };
}

/** `attempt 2 of 3 in 1s`. */
export function retryText({ attempt, of, delayMs }: Retry): string {
  return `attempt ${attempt} of ${of} in ${formatDuration(delayMs)}`;
}

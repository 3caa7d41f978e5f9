/** Signals that ask a run to end in a while: it may take one more checkpoint. */
export const PREEMPTING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGUSR1'];

/** How long a run that does not say has to get to its next checkpoint, in seconds. */
export const DEFAULT_GRACE_S = 30;

/** Why runs are ended: their machine is wanted back. */
class Preemption extends Error {
  readonly isPreemption = true;
}

/** The reason of an `AbortSignal` that ends runs because of this signal, if it asks for that. */
export function reasonOf(signal: NodeJS.Signals): Error {
  const text = `stopped by ${signal}`;
  return PREEMPTING.includes(signal) ? new Preemption(text) : new Error(text);
}

/** True for an abort that runs may answer with a checkpoint. */
export function isPreemption(reason: unknown): boolean {
  return reason instanceof Error && 'isPreemption' in reason;
}

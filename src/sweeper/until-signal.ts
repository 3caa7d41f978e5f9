import { reasonOf } from '../core/preemption.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;

/**
 * Runs `work` with a signal that the caller's own aborts, and so does whatever tells this process to
 * end. Once the work is over, the process ends of that, unless the user's code has a handler for it.
 * A second one ends it at once.
 */
export async function untilSignal<T>(
  given: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    if (received !== undefined) process.exit(130);
    received = name;
    controller.abort(reasonOf(name));
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    const signals = [controller.signal, ...(given === undefined ? [] : [given])];
    return await work(AbortSignal.any(signals));
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
    if (received !== undefined && process.listenerCount(received) === 0) {
      // By itself Node would start its debugger at that one.
      process.kill(process.pid, received === 'SIGUSR1' ? 'SIGTERM' : received);
    }
  }
}

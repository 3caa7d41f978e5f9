import { reasonOf } from '../core/preemption.ts';

/**
 * Runs `work` with a signal that Ctrl-C, a closed terminal, a TERM or a USR1 aborts; after the last two runs may
 * take one more checkpoint. A second one ends
 * this process at once; its workers notice and end too. `say` tells the user so.
 */
export async function withInterrupts<T>(
  work: (signal: AbortSignal) => Promise<T>,
  say: (text: string) => void = sayBelow,
): Promise<T> {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
    say(`${name}: stopping; once more to stop at once\n`);
    controller.abort(reasonOf(name));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;
  for (const name of names) process.on(name, onSignal);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of names) process.off(name, onSignal);
  }
}

/** Says something to the user; a terminal has put its ^C on the line that the cursor is in. */
export function sayBelow(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\n${text}` : text);
}

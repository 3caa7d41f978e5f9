import { formatDuration } from '../core/duration.ts';
import { ExpError, messageOf } from '../core/errors.ts';

const DELAYS_MS = [250, 500, 1_000, 2_000, 4_000];

/** What a system says that has no room for another process, and what may help. */
const NO_ROOM: Readonly<Record<string, string>> = {
  EAGAIN: 'There are as many processes as the user or the container may have (ulimit -u)',
  ENOMEM: 'There is not enough memory for another process',
  EMFILE: 'There are as many open files as a process may have (ulimit -n)',
  ENFILE: 'There are as many open files as the machine may have',
};

/** What is done while there is no room. */
export interface RoomOptions {
  /** Told each time that it will be tried again. Default: said on stderr. */
  readonly onNotice?: ((text: string) => void) | undefined;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait, each time. */
  readonly delays?: readonly number[];
}

/**
 * Starts something that needs a process, and waits and tries again a few times where the system has
 * no room for one just now.
 * @throws {ExpError} EXP_LAUNCH if there is none in the end; anything else as it was thrown.
 */
export async function withRoom<T>(
  start: () => Promise<T>,
  { onNotice = say, signal, delays = DELAYS_MS }: RoomOptions = {},
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await start();
    } catch (error) {
      const trouble = NO_ROOM[(error as NodeJS.ErrnoException | null)?.code ?? ''];
      if (trouble === undefined) throw error;
      const delay = delays[tries];
      if (delay === undefined || signal?.aborted === true) throw noRoom(error, trouble);
      const wait = `trying again in ${formatDuration(delay)}`;
      onNotice(`exptools: no process could be started (${messageOf(error)}): ${wait}`);
      await pause(delay, signal);
    }
  }
}

function noRoom(error: unknown, trouble: string): ExpError {
  return new ExpError(
    'EXP_LAUNCH',
    `No process could be started: ${messageOf(error)}. ${trouble}. ` +
      'End what is not needed, raise the limit, or start fewer runs at once with --slots.',
    { cause: error },
  );
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
  });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

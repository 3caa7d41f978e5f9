import { createHash } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';

const PATIENCE_MS = 5_000;

/**
 * Calls `work` while no other process of this machine does for the same directory. The lock is a
 * socket in Linux's abstract name space: it belongs to no user and is gone with its process, whatever
 * ends it. Where there are no such names, and where somebody keeps it for seconds, there is no lock.
 */
export async function withClaimLock<T>(dir: string, work: () => T): Promise<T> {
  if (process.platform !== 'linux') return work();
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  const path = `\0exptools-claims-${name}`;
  const givesUpAt = Date.now() + PATIENCE_MS;
  let server = await listen(path);
  while (server === 'taken' && Date.now() < givesUpAt) {
    await closing(path, givesUpAt - Date.now());
    server = await listen(path);
  }
  try {
    return work();
  } finally {
    if (typeof server === 'object') server.release();
  }
}

interface Lock {
  /** Gives the name up, and tells all who wait for it. */
  release(): void;
}

/** Takes the name; `impossible` where the system gives none, as some sandboxes do. */
function listen(path: string): Promise<Lock | 'taken' | 'impossible'> {
  return new Promise((resolve) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {}); // who waits no more needs no word
    });
    const release = (): void => {
      server.close();
      for (const socket of waiting) socket.destroy();
    };
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'EADDRINUSE' ? 'taken' : 'impossible'),
    );
    server.listen({ path }, () => resolve({ release }));
  });
}

/** Settles when the process that has the name gives it up, and at the latest after so long. */
function closing(path: string, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const end = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve();
    };
    const timer = setTimeout(end, ms);
    socket.on('error', end);
    socket.on('close', end);
  });
}

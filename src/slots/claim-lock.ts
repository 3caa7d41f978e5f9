import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

const PATIENCE_MS = 5_000;

/**
 * Calls `work` while no other process of this machine does for the same directory. The lock is a
 * socket in Linux's abstract name space: it belongs to no user and is gone with its process, whatever
 * ends it. Elsewhere, and where somebody keeps it for seconds, there is no lock.
 */
export async function withClaimLock<T>(dir: string, work: () => T): Promise<T> {
  if (process.platform !== 'linux') return work();
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  const path = `\0exptools-claims-${name}`;
  const givesUpAt = Date.now() + PATIENCE_MS;
  let server = await listen(path);
  while (server === undefined && Date.now() < givesUpAt) {
    await closing(path, givesUpAt - Date.now());
    server = await listen(path);
  }
  try {
    return work();
  } finally {
    server?.close();
    server?.drop();
  }
}

interface Lock {
  close(): void;
  /** Tells all who wait. */
  drop(): void;
}

/** Takes the name; `undefined` while another process has it. */
function listen(path: string): Promise<Lock | undefined> {
  return new Promise((resolve) => {
    const waiting = new Set<{ destroy(): void }>();
    const server: Server = createServer((socket) => {
      waiting.add(socket);
      socket.on('error', () => {});
    });
    const lock: Lock = {
      close: () => void server.close(),
      drop: () => waiting.forEach((socket) => socket.destroy()),
    };
    server.once('error', () => resolve(undefined));
    server.listen({ path }, () => resolve(lock));
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

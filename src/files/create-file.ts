import { closeSync, existsSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Creates a file that must not exist yet, whole: readers never see a part of it. One writer at a
 * time. What it writes outlives the process at once, and a loss of power a little later.
 */
export function createFile(path: string, content: Uint8Array | string): void {
  if (existsSync(path)) throw Object.assign(new Error(`${path} exists`), { code: 'EEXIST' });
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, 'w');
  try {
    const data = typeof content === 'string' ? Buffer.from(content) : content;
    // On a full disk, write() takes what fits and reports success; only the next one says ENOSPC.
    for (let done = 0; done < data.length;) {
      done += writeSync(fd, data, done, data.length - done);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * Replaces a file: readers see the old content or the new, never a part. If it throws, the old
 * content stands. One writer at a time.
 */
export function writeAtomically(path: string, content: string): void {
  const temporary = `${path}.tmp`;
  const fd = openSync(temporary, 'w');
  try {
    const data = Buffer.from(content);
    for (let done = 0; done < data.length;) {
      done += writeSync(fd, data, done, data.length - done);
    }
    fsyncSync(fd);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

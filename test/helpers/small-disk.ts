import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/core/errors.ts';
import { test as base } from './temp-dir.ts';

/** A test with a file system of 64 KiB of its own; skipped where none may be mounted. */
export const test = testOnDisk('64k');

/** The same with another size, as `mount` takes it. */
export function testOnDisk(size: string) {
  return base.extend<{ disk: string }>({
    disk: async ({ dir, skip }, use) => {
      const disk = join(dir, 'disk');
      mkdirSync(disk);
      try {
        const options = ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk];
        execFileSync('mount', options, { stdio: 'pipe' });
      } catch (error) {
        skip(`a small file system cannot be mounted here: ${messageOf(error)}`);
      }
      try {
        await use(disk);
      } finally {
        execFileSync('umount', ['--lazy', disk], { stdio: 'pipe' });
      }
    },
  });
}

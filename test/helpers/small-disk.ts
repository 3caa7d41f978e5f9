import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../src/core/errors.ts';
import { test as base } from './temp-dir.ts';

/** A test with a file system of 64 KiB of its own; skipped where none may be mounted. */
export const test = base.extend<{ disk: string }>({
  disk: async ({ dir, skip }, use) => {
    const disk = join(dir, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' });
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

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from 'vitest';

/** A test with a directory of its own, which is gone afterwards. */
export const test = base.extend<{ dir: string }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads which fixtures this one needs
  dir: async ({}, use) => {
    const dir = realpathSync(mkdtempSync(join(tmpdir(), 'exptools-')));
    await use(dir);
    rmSync(dir, { recursive: true, force: true });
  },
});

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A run root of which nothing is kept. */
export interface GhostRoot {
  readonly dir: string;
  /** Removes the root and all runs in it. */
  remove(): void;
}

/** True where `EXP_GHOST=1` asks that nothing be kept of any run. */
export function isGhostEnvironment(env: NodeJS.ProcessEnv = process.env): boolean {
  return env['EXP_GHOST'] === '1';
}

/**
 * Makes a temporary run root, so that code which writes into its run's directory works. Whoever makes
 * it removes it; only SIGKILL leaves it behind.
 */
export function createGhostRoot(): GhostRoot {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'exptools-ghost-')));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { identify, isAlive } from '../../src/store/process-identity.ts';
import type { ProcessIdentity } from '../../src/core/manifest.ts';
import { manifestOf, runDirs } from './stored.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

/** Waits until `count` runs of an experiment have printed a text; returns their directories. */
export function untilPrinted(
  root: string,
  experiment: string,
  text: RegExp,
  count: number,
): Promise<string[]> {
  return vi.waitFor(() => {
    const runs = runDirs(root, experiment).filter((run) => text.test(outputOf(run)));
    if (runs.length < count) throw new Error(`${runs.length} of ${count} printed ${text}`);
    return runs;
  }, PATIENCE);
}

/** Waits until none of these processes is alive. */
export function untilGone(processes: readonly ProcessIdentity[]): Promise<void> {
  return vi.waitFor(() => {
    const alive = processes.filter((one) => isAlive(one) === true).map(({ pid }) => pid);
    if (alive.length > 0) throw new Error(`still alive: ${alive.join(', ')}`);
  }, PATIENCE);
}

/** The process that worked on a run last. */
export function processOf(run: string): ProcessIdentity {
  return manifestOf(run)['attempts'].at(-1).process as ProcessIdentity;
}

/** The process whose pid a run has printed as `child 123`. */
export function childOf(run: string): ProcessIdentity {
  return identify(Number(/^child (\d+)$/m.exec(outputOf(run))![1]));
}

function outputOf(run: string): string {
  return readFileSync(join(run, 'output.log'), 'utf8');
}

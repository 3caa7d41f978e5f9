import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { identify, isAlive } from '../../src/store/process-identity.ts';
import type { ProcessIdentity } from '../../src/core/manifest.ts';
import { start, startRunExp, type SpawnOptions, type Started } from './run-exp.ts';
import { manifestOf, runDirs } from './stored.ts';

const PATIENCE = { timeout: 20_000, interval: 50 };

const LINGER = 'test/fixtures/linger/main.ts';

/** Starts an experiment that stays until someone ends it, at the latest the end of the test. */
export function linger(root: string, args: readonly string[], options?: SpawnOptions): Started {
  return endedWithTest(startRunExp([LINGER, '--root', root, ...args], options));
}

/** The same in a process of its own, without run-exp. */
export function lingerDirectly(root: string): Started {
  const args = ['--import', 'exptools/register', LINGER, '--root', root];
  return endedWithTest(start(process.execPath, args));
}

function endedWithTest(started: Started): Started {
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

/** Waits until `count` lingering runs have come to the point where they stay. */
export function untilLingering(root: string, count: number): Promise<string[]> {
  return vi.waitFor(() => {
    const runs = runDirs(root, 'linger').filter((run) => outputOf(run).includes('lingering'));
    if (runs.length < count) throw new Error(`${runs.length} of ${count} runs linger`);
    return runs;
  }, PATIENCE);
}

/** Waits until none of these processes is alive, for so many milliseconds at most. */
export function untilGone(
  processes: readonly ProcessIdentity[],
  timeout: number = PATIENCE.timeout,
): Promise<void> {
  return vi.waitFor(
    () => {
      const alive = processes.filter((one) => isAlive(one) === true).map(({ pid }) => pid);
      if (alive.length > 0) throw new Error(`still alive: ${alive.join(', ')}`);
    },
    { ...PATIENCE, timeout },
  );
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

import { onTestFinished, vi } from 'vitest';
import { startRunExp, type Finished, type Started } from './run-exp.ts';
import { manifestOf, runDirs } from './stored.ts';

export const PATIENCE = { timeout: 20_000, interval: 50 };

/** Waits until so many runs of an experiment are under way. */
export function untilRunning(root: string, experiment: string, count: number): Promise<string[]> {
  return vi.waitFor(() => {
    const runs = runDirs(root, experiment).filter((run) => manifestOf(run)['status'] === 'running');
    if (runs.length < count) throw new Error(`${runs.length} of ${count} run`);
    return runs;
  }, PATIENCE);
}

/** Starts `run-exp --exec` in a directory, whose runs go there too. */
export function start(dir: string, command: string, args: readonly string[]): Started {
  const started = startRunExp(['--exec', command, '--root', dir, ...args], { cwd: dir });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

/** The same to its end. */
export function exec(dir: string, command: string, args: readonly string[]): Promise<Finished> {
  return start(dir, command, args).finished;
}

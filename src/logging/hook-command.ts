import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { hookEnvironment, hookWords, type HookCommand, type HookFacts } from '../core/hook.ts';

/** How long a hook's output is read after its end, for what it has left running in the background. */
const DRAIN_MS = 250;

/**
 * Executes the command of a hook. What it prints goes to our own output, and so to that of the run.
 * Rejects with what went wrong: it cannot start, fails, or takes too long, which ends it.
 */
export function callCommand(
  command: HookCommand,
  facts: HookFacts,
  limitMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = start(command, facts, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout!.on('data', (chunk: Buffer) => process.stdout.write(chunk));
    child.stderr!.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, limitMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const end = (): void => {
        clearTimeout(drain);
        for (const stream of [child.stdout!, child.stderr!]) stream.destroy();
        if (isLate) reject(new Error(`it took longer than ${limitMs / 1000} s`));
        else if (code === 0) resolve();
        else reject(new Error(signal === null ? `exit code ${code}` : `ended by ${signal}`));
      };
      const drain = setTimeout(end, DRAIN_MS);
      child.on('close', end);
    });
  });
}

/**
 * Starts the command of a hook and leaves it to itself: for a process that is about to end, and for
 * whoever finds the process of a run dead. It outlives us, and its output goes nowhere.
 */
export function startCommand(command: HookCommand, facts: HookFacts): void {
  try {
    const child = start(command, facts, { stdio: 'ignore', detached: true });
    // There is nobody left to tell.
    child.on('error', () => {});
    child.unref();
  } catch {
    // Nor of what the system refuses at once: the run has to come to its end.
  }
}

function start(command: HookCommand, facts: HookFacts, options: SpawnOptions): ChildProcess {
  const env = { ...process.env, ...hookEnvironment(facts) };
  if (typeof command === 'string') return spawn(command, { ...options, env, shell: true });
  const [program, ...words] = hookWords(command, facts);
  return spawn(program!, words, { ...options, env });
}

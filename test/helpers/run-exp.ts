import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** The repository. */
export const REPO = join(import.meta.dirname, '../..');

const BIN = join(REPO, 'dist/src/cli/run-exp.js');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Settles once stdout and stderr together match; rejects if the process ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

// Sweeps of one test file need not wait for each other either: each has claims of its own.
let calls = 0;

function ownClaims(): string {
  return join(process.env['EXP_CLAIMS']!, String(++calls));
}

/** Starts a program and collects what it prints. */
export function start(file: string, args: readonly string[], options: SpawnOptions = {}): Started {
  const child = spawn(file, args, {
    cwd: options.cwd ?? REPO,
    env: { ...process.env, NO_COLOR: '1', EXP_CLAIMS: ownClaims(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const watch of watchers) watch();
    });
  }
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  const until = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const match = pattern.exec(output.stdout + output.stderr);
        if (match === null) return;
        watchers.delete(watch);
        resolve(match);
      };
      watchers.add(watch);
      watch();
      void finished.then((end) =>
        reject(new Error(`ended before ${pattern}: ${JSON.stringify(end)}`)),
      );
    });
  return { child, finished, until };
}

/** Runs `run-exp` of the build to its end. */
export function runExp(args: readonly string[], options?: SpawnOptions): Promise<Finished> {
  return startRunExp(args, options).finished;
}

export function startRunExp(args: readonly string[], options?: SpawnOptions): Started {
  return start(process.execPath, [BIN, ...args], options);
}

import { execFileSync } from 'node:child_process';

/** Runs a program to its end and returns what it prints; what it complains about is in the error. */
export function runProgram(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

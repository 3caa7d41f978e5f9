import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Sample, Workload } from './log-path.ts';

const run = promisify(execFile);

/** Runs a program with a directory of its own as its last argument; it prints a sample as JSON. */
export async function sampleOf<T = Sample>(program: string, args: readonly string[]): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    const { stdout } = await run(program, [...args, dir]);
    return JSON.parse(stdout) as T;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Measures a case of `one-case.ts` in a process of its own, so that no case runs in code or memory
 * that another has shaped.
 */
export function runCase<T = Sample>(
  name: string,
  { rows, keys }: Workload,
  bytesPerRow = 0,
): Promise<T> {
  const file = join(import.meta.dirname, 'one-case.ts');
  const numbers = [rows, keys, bytesPerRow].map(String);
  return sampleOf<T>(process.execPath, [...process.execArgv, file, name, ...numbers]);
}

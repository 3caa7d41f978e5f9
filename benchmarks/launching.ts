import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, 'trivial.ts');
const BIN = join(import.meta.dirname, '../dist/src/cli/run-exp.js');
const REGISTER = join(import.meta.dirname, '../dist/src/register.js');

/** Seconds that a sweep of trivial runs takes, two at a time. */
export function measureSweep(runs: number): Promise<number> {
  const sweep = ['--sweep', '--repeats', `${runs}`, '--slots', '2', '--affinity', 'none'];
  return measure(process.execPath, [BIN, FILE, ...sweep, '--quiet', '--root'], runs);
}

/** Seconds that xargs takes to start the same file as often, two at a time, with the same loader. */
export function measureXargs(runs: number): Promise<number> {
  const node = `${process.execPath} --import ${REGISTER} ${FILE} --quiet --root "$0"`;
  return measure('sh', ['-c', `seq ${runs} | xargs -P2 -n1 sh -c 'exec ${node}' "$0"`], runs);
}

/** Runs a command with a run root as its last argument, and checks that all runs are there. */
async function measure(command: string, args: readonly string[], runs: number): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'exptools-bench-'));
  try {
    const startedAt = performance.now();
    const child = spawn(command, [...args, root], {
      stdio: ['ignore', 'ignore', 'inherit'],
      // A sweep needs one for all its runs, and this repository none at all.
      env: { ...process.env, EXP_SNAPSHOT: '0' },
    });
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    const seconds = (performance.now() - startedAt) / 1000;
    const kept = readdirSync(join(root, 'trivial')).filter((name) => name !== 'sweeps').length;
    if (code !== 0 || kept !== runs) throw new Error(`${command}: code ${code}, ${kept} runs.`);
    return seconds;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

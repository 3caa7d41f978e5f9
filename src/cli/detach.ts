import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { commandLineVariable } from '../provenance/command-line.ts';
import { RUN_FILES } from '../core/layout.ts';
import { rootFlag } from './project.ts';
import type { ResumeFlags, RunFlags } from './run-flags.ts';

/** What a process in the background is to do. */
export type BackgroundWork =
  | { readonly type: 'sweep'; readonly dir: string; readonly flags: ResumeFlags }
  | {
      readonly type: 'run';
      readonly file: string;
      readonly words: readonly string[];
      readonly flags: RunFlags;
    };

/** What the process says once nothing can be wrong with the command any more. */
export interface Launched {
  /** Of the run or the sweep. */
  readonly dir: string;
}

let listener: ((word: Launched) => void) | undefined;

/** Has a function called when this process has begun what it was told to do. */
export function onLaunched(listen: (word: Launched) => void): void {
  listener = listen;
}

/** Says that the work in this directory has begun; a command given with --detach waits for that. */
export function launched(dir: string): void {
  listener?.({ dir });
  listener = undefined;
}

/**
 * Has a sweep that is there run in the background, in a session of its own, and says what to type
 * next. What it prints goes to `output.log` in its directory. Returns the exit code.
 * @throws {ExpError} EXP_LAUNCH if no process can be started.
 */
export async function detachSweep(dir: string, flags: ResumeFlags): Promise<number> {
  const output = join(dir, RUN_FILES.output);
  const work: BackgroundWork = { type: 'sweep', dir, flags: { ...flags, detach: false } };
  return detach(work, output, flags.quiet === true);
}

/** The same for a single run, whose own directory has its output. */
export async function detachRun(
  file: string,
  words: readonly string[],
  flags: RunFlags,
): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'exptools-detach-'));
  try {
    const quiet = { ...flags, detach: false, quiet: true };
    const work: BackgroundWork = { type: 'run', file, words, flags: quiet };
    return await detach(work, join(dir, RUN_FILES.output), flags.quiet === true);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function detach(work: BackgroundWork, output: string, isQuiet: boolean): Promise<number> {
  const fd = openSync(output, 'a');
  const { size } = statSync(output);
  const script = fileURLToPath(new URL('./background.js', import.meta.url));
  const child = spawn(process.execPath, [script], {
    detached: true,
    env: { ...process.env, ...commandLineVariable() },
    stdio: ['ignore', fd, fd, 'ipc'],
  });
  closeSync(fd);
  const answer = await answerOf(child, work);
  if (typeof answer === 'number') {
    process.stderr.write(readFileSync(output).subarray(size));
    return answer;
  }
  child.unref();
  const { dir } = answer;
  if (work.flags.json === true) {
    process.stdout.write(detachedEvent(dir, child.pid!));
  } else if (!isQuiet) {
    const flag = await rootFlag(join(dir, work.type === 'sweep' ? '../../..' : '../..'));
    process.stdout.write(detachedText(dir, child.pid!, flag));
  }
  return 0;
}

/** What the process says once it has begun, or the exit code if it ends before. */
function answerOf(child: ChildProcess, work: BackgroundWork): Promise<Launched | number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      reject(new ExpError('EXP_LAUNCH', `Cannot start a process: ${error.message}.`));
    });
    child.once('exit', (code) => resolve(code ?? 1));
    child.once('message', (message) => resolve(message as Launched));
    child.send(work);
  });
}

/** The same for programs; the events of the sweep themselves go to its output. */
function detachedEvent(dir: string, pid: number): string {
  const time = new Date().toISOString();
  const output = join(dir, RUN_FILES.output);
  return `${jsonLine({ event: 'detached', time, sweep: basename(dir), dir, pid, output })}\n`;
}

function detachedText(dir: string, pid: number, flag: string): string {
  const id = basename(dir);
  const short = id.slice(-6);
  const output = relative('', join(dir, RUN_FILES.output));
  return [
    `${pc.dim('detached')}  ${id}, process ${pid}; output in ${output}`,
    `${pc.dim('next')}      npx run-exp ps${flag}`,
    `          npx run-exp logs -f ${short}${flag}`,
    `          npx run-exp stop ${short}${flag}`,
    '',
  ].join('\n');
}

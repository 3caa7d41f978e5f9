import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import type { Command } from '../launch/pinning.ts';
import { Session } from '../launch/session.ts';
import { commandLineVariable } from '../provenance/command-line.ts';
import type { Answers, Question } from './protocol.ts';

/** How a worker process is to behave. */
interface WorkerOptions {
  readonly verbose: boolean;
  /** True if nothing of what it runs is kept. */
  readonly ghost?: boolean;
  /** Columns of the terminal that its output is passed on to, where there is one. */
  readonly columns?: number | undefined;
  /** The directory it works in; by default that of this process. */
  readonly cwd?: string | undefined;
}

/** The command that starts a worker process. */
export function workerCommand(options: WorkerOptions): Command {
  const script = fileURLToPath(new URL('./worker.js', import.meta.url));
  const env = {
    ...process.env,
    ...commandLineVariable(),
    // Quiet is the terminal; what a run prints is kept with it.
    EXP_QUIET: undefined,
    // The worker writes into a pipe; the colours it makes are for our terminal all the same.
    ...(pc.isColorSupported && process.env['NO_COLOR'] === undefined && { FORCE_COLOR: '1' }),
    ...(options.verbose && { EXP_VERBOSE: '1' }),
    ...(options.ghost === true && { EXP_GHOST: '1' }),
    ...(options.columns !== undefined && { EXP_COLUMNS: String(options.columns) }),
  };
  const { cwd } = options;
  return { file: process.execPath, args: [script], env, ...(cwd !== undefined && { cwd }) };
}

/** Asks one question of a worker process of its own. @throws {ExpError} what it refuses with. */
export async function askWorker<Q extends Question>(
  question: Q,
  options: Pick<WorkerOptions, 'verbose' | 'cwd'>,
): Promise<Answers[Q['type']]> {
  const session = await Session.open(workerCommand(options), { echo: false });
  try {
    return await session.ask<Answers[Q['type']]>(question);
  } finally {
    await session.stop();
  }
}

import { relative } from 'node:path';
import pc from 'picocolors';
import { ExpError } from '../core/errors.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { ExecLauncher } from '../launch/exec-launcher.ts';
import { outputLimit } from '../logging/output-limit.ts';
import { execRunner, planProgram } from '../sweeper/exec-runner.ts';
import type { Program } from '../sweeper/program.ts';
import { detachRun } from './detach.ts';
import { programOf } from './exec-flags.ts';
import { withInterrupts } from './interrupts.ts';
import { prepareRun } from './prepare-run.ts';
import { projectAround } from './project.ts';
import { checkFlags, type RunFlags } from './run-flags.ts';
import { runRequest, type Asked } from './run-request.ts';
import { executeRun } from './execute-run.ts';
import { startSweep } from './start-sweep.ts';
import { withGhost } from './with-ghost.ts';

/** Does what the words and flags beside `--exec` ask for. Returns the exit code. */
export async function runProgram(
  words: readonly string[],
  given: RunFlags & { readonly exec: string },
): Promise<number> {
  const flags = { ...given, quiet: given.quiet ?? process.env['EXP_QUIET'] === '1' };
  checkFlags(flags);
  outputLimit();
  // A sweep is planned here, where mistakes are seen.
  if (flags.detach === true && flags.sweep !== true) return detachRun('', words, given);
  const program = programOf(flags);
  const project = await projectAround(process.cwd());
  const { file: _, ...request } = runRequest('', words, flags, project);
  if (request.command !== undefined) {
    const hint = 'Put it into the command, or write key=value.';
    throw new ExpError('EXP_USAGE', `"${request.command}" is one word too many. ${hint}`);
  }
  const asked = { request, project, earlier: request.root };
  return withGhost(asked, flags, (haunted) =>
    flags.sweep === true
      ? startSweep(execRunner(program, flags), haunted, flags)
      : runOnce(program, haunted, flags),
  );
}

/** Executes a single run, whose output is passed on. */
async function runOnce(
  program: Program,
  asked: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false } = flags;
  const { request } = asked;
  const spec = prepareRun(await planProgram(program, request), asked, flags);
  if (spec === undefined) return 0;
  return withInterrupts((signal) => {
    if (!quiet && request.ghost !== true) {
      process.stderr.write(`${pc.dim('run')}  ${relative(process.cwd(), spec.dir)}\n`);
    }
    const launcher = new ExecLauncher({ echo: !quiet });
    return executeRun(spec, launcher, { root: request.root, flags, signal });
  });
}

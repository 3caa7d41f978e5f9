import { relative } from 'node:path';
import pc from 'picocolors';
import { ExpError } from '../core/errors.ts';
import type { SweepRequest } from '../experiment/requests.ts';
import { ExecLauncher } from '../launch/exec-launcher.ts';
import { outputLimit } from '../logging/output-limit.ts';
import { backUpSources } from '../run/back-up-sources.ts';
import { execRunner, planProgram } from '../sweeper/exec-runner.ts';
import type { Program } from '../sweeper/program.ts';
import { skipExisting } from '../sweeper/skip-existing.ts';
import { detachRun } from './detach.ts';
import { programOf } from './exec-flags.ts';
import { withInterrupts } from './interrupts.ts';
import { projectAround } from './project.ts';
import { checkFlags, type RunFlags } from './run-options.ts';
import { runRequest, type Asked } from './run-request.ts';
import { runSingle } from './run-single.ts';
import { sweepWith } from './run-sweep.ts';
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
      ? sweepWith(execRunner(program, flags), haunted, flags)
      : runOnce(program, haunted, flags),
  );
}

/** Executes a single run, whose output is passed on. */
async function runOnce(
  program: Program,
  { request, project, earlier }: Asked<SweepRequest>,
  flags: RunFlags,
): Promise<number> {
  const { quiet = false, skipExisting: isSkipping = false } = flags;
  const planned = await planProgram(program, request);
  const [existing] = isSkipping ? skipExisting(earlier, [planned]).existing : [];
  if (existing !== undefined) {
    const text = `${pc.dim('skipped')}  this run completed before: ${existing}\n`;
    if (!quiet) process.stderr.write(text);
    return 0;
  }
  const sources = request.ghost === true ? undefined : backUpSources(project, request.root);
  const spec = { ...planned, ...(sources !== undefined && { sources }) };
  return withInterrupts((signal) => {
    if (!quiet && request.ghost !== true) {
      process.stderr.write(`${pc.dim('run')}  ${relative(process.cwd(), spec.dir)}\n`);
    }
    const launcher = new ExecLauncher({ echo: !quiet });
    return runSingle(spec, launcher, { root: request.root, flags, signal });
  });
}

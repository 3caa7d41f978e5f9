import { existsSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import pc from 'picocolors';
import { ExpError } from '../core/errors.ts';
import type { Manifest } from '../core/manifest.ts';
import { forkedConfig, forkRequest } from '../experiment/fork.ts';
import { outputLimit } from '../logging/output-limit.ts';
import { findRun } from '../store/find-runs.ts';
import { projectAround, runRoot } from './project.ts';
import type { RunFlags } from './run-flags.ts';
import { runOne } from './run-one.ts';
import { runRequest } from './run-request.ts';
import { withGhost } from './with-ghost.ts';

/** The flags of `run-exp fork`. */
export interface ForkFlags extends RunFlags {
  readonly at?: number;
  /** Keys, with commas between them. */
  readonly keep?: string;
  /** False for `--no-curves`. */
  readonly curves?: boolean;
}

/**
 * Starts a new run from a checkpoint of another one, with changed settings. Returns the exit code.
 * @throws {ExpError} EXP_USAGE for a run whose code is not there, EXP_CHECKPOINT for one without a
 *   checkpoint, or none of that step.
 */
export async function fork(
  name: string,
  words: readonly string[],
  given: ForkFlags,
): Promise<number> {
  const flags = { ...given, quiet: given.quiet ?? process.env['EXP_QUIET'] === '1' };
  outputLimit();
  const root = await runRoot(flags.root);
  const run = findRun(root, name);
  const file = fileOf(run.manifest);
  const options = {
    at: flags.at,
    keep: flags.keep?.split(',').map((key) => key.trim()),
    curves: flags.curves,
  };
  const forked = await forkRequest(run, options);
  const project = await projectAround(dirname(file));
  // A run that was named by its path may lie elsewhere; its fork is kept beside it.
  const own = { ...flags, root: dirname(dirname(run.dir)), experiment: run.manifest.experiment };
  const request = {
    command: run.manifest.command,
    ...runRequest(file, words, own, project),
    from: forkedConfig(run, options),
    fork: forked,
  };
  const from = relative(process.cwd(), run.dir);
  const said = `${pc.dim('fork')}  ${from} at step ${forked.point.step}\n`;
  const asked = { request, project, earlier: own.root };
  return withGhost(asked, own, (haunted) => runOne(file, haunted, own, said));
}

/** @throws {ExpError} EXP_USAGE for a run that has no file of an experiment, EXP_FILE if it is gone. */
function fileOf({ id, file, program }: Manifest): string {
  if (file === undefined) {
    const what = program === undefined ? 'code of your own' : 'a program';
    const way = 'Fork it there: runExperiment(Experiment, {}, { fork })';
    throw new ExpError(
      'EXP_USAGE',
      `The run ${id} was started by ${what}. ${program === undefined ? way : 'A program has no checkpoints of ours'}.`,
    );
  }
  if (!existsSync(file)) {
    throw new ExpError('EXP_FILE', `The run ${id} needs "${file}", which is not there.`);
  }
  return file;
}

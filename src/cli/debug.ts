import pc from 'picocolors';
import type { RunSpec } from '../core/run-spec.ts';
import { planRun } from '../experiment/plan.ts';
import type { RunRequest } from '../experiment/requests.ts';
import { showAll, showErrorsOnly } from '../logging/level.ts';
import { debugRunner } from '../sweeper/debug-runner.ts';
import type { Runner, Subject } from '../sweeper/runner.ts';
import { DebugLauncher, type DebugEvents } from '../worker/debug-launcher.ts';
import { errorText } from '../worker/error-text.ts';
import { loadExperiment } from '../worker/load-experiment.ts';
import { valuesText } from './format.ts';
import { withInterrupts } from './interrupts.ts';
import { prepareRun } from './prepare-run.ts';
import type { Asked } from './run-request.ts';
import type { RunFlags } from './run-flags.ts';
import { executeRun } from './execute-run.ts';

/**
 * Loads the user's file into this process, for a sweep in it.
 * @throws {ExpError} as loading does, and EXP_USAGE for flags of other launchers.
 */
export async function loadDebugRunner(subject: Subject, flags: RunFlags): Promise<Runner> {
  const { slots, affinity } = flags;
  const asked = {
    ...(slots !== undefined && { slots }),
    ...(affinity !== undefined && { affinity }),
  };
  setLevel(flags);
  const definition = await loadExperiment(subject.file, subject.experiment);
  return debugRunner(definition, asked, eventsFor(flags));
}

/** Executes a single run in this process. Returns the exit code. */
export async function debugOne(
  { file, experiment }: Subject,
  asked: Asked<RunRequest>,
  flags: RunFlags,
): Promise<number> {
  const { request } = asked;
  setLevel(flags);
  const definition = await loadExperiment(file, experiment);
  const spec = prepareRun(await planRun(definition, request), asked, flags);
  if (spec === undefined) return 0;
  const launcher = new DebugLauncher(definition, eventsFor(flags));
  return withInterrupts((signal) =>
    executeRun(spec, launcher, { root: request.root, flags, signal }),
  );
}

function setLevel({ verbose, quiet }: RunFlags): void {
  if (verbose === true) showAll();
  if (quiet === true) showErrorsOnly();
}

function eventsFor({ quiet = false, verbose = false }: RunFlags): DebugEvents {
  return {
    onStart: (spec) => quiet || process.stderr.write(`${heading(spec)}\n`),
    onThrown: (error) => process.stderr.write(errorText(error, verbose)),
  };
}

function heading({ id, sweep }: RunSpec): string {
  const values = sweep === undefined ? '' : valuesText(sweep.variant);
  const repeat = sweep === undefined || sweep.repeat === 0 ? '' : `#${sweep.repeat + 1}`;
  const what = [values, repeat].filter((part) => part !== '').join(' ');
  return [pc.bold('──'), ...(what === '' ? [] : [pc.bold(what)]), pc.dim(id)].join('  ');
}

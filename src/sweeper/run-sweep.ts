import { ExpError } from '../core/errors.ts';
import { userPlace } from '../core/place.ts';
import type { Runnable } from '../run/run.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { isWorker } from '../worker/worker-role.ts';
import type {
  FileSweepOptions,
  ProgramSweepOptions,
  ProgramTarget,
  SweepOptions,
  SweepResult,
} from './sweep-options.ts';

/**
 * Plans a sweep and executes it, as `run-exp --sweep` does and without a word on the terminal: of the
 * experiment of a file, of an experiment itself, whose file is loaded by processes of their own, or
 * of any program. Plan, journal and runs are kept; a run that fails is part of the result. What tells
 * this process to end ends the sweep as interrupted first.
 *
 * @throws {ExpError} for everything that keeps a sweep from starting: nothing was created.
 */
export function runSweep(file: string, options?: FileSweepOptions): Promise<SweepResult>;
export function runSweep(
  program: ProgramTarget,
  options?: ProgramSweepOptions,
): Promise<SweepResult>;
export function runSweep<Config = Record<string, unknown>>(
  experiment: Runnable<Config>,
  options?: SweepOptions<NoInfer<Config>>,
): Promise<SweepResult>;
export async function runSweep(target: unknown, options: object = {}): Promise<SweepResult> {
  const place = userPlace(new Error().stack);
  refuseWhileLoading();
  // Every process of a sweep loads what exports us; few of them start one.
  const { sweepFromCode } = await import('./sweep-from-code.ts');
  return sweepFromCode(target as string | ProgramTarget, options, place);
}

/**
 * A process that loads a file to plan or execute runs of it would start the sweep in it again, and so
 * would the processes of that sweep. The code of a run may start as many sweeps as it likes.
 */
function refuseWhileLoading(): void {
  if (!isWorker() || tryCurrentScope() !== undefined) return;
  throw new ExpError(
    'EXP_SWEEP',
    'runSweep was called while the file was loaded for a run of a sweep, which would never end. ' +
      'Put the call into a file of its own, or behind: if (process.argv[1] === import.meta.filename)',
  );
}

import { join } from 'node:path';
import { ExpError } from '../core/errors.ts';
import type { RunContext } from '../core/run-context.ts';
import { processState } from '../core/process-state.ts';
import { runInScope, Scope, tryCurrentScope } from '../scope/scope.ts';
import type { RunOptions } from './run-options.ts';

type Starter = (target: never, overrides: object, options: RunOptions) => Promise<unknown>;

const state = processState('run-starter', (): { start?: Starter } => ({}));

/** Tells runs how experiments are run, which is above what they know. */
export function setStarter(start: Starter): void {
  state.start = start;
}

/**
 * Starts a run inside of another one, wherever in the code this is called.
 * @throws {ExpError} EXP_RUN if the outer run is over.
 */
export async function startWithin(
  run: RunContext,
  target: unknown,
  overrides: object,
  options: RunOptions,
): Promise<unknown> {
  if (run.rows.closed) {
    throw new ExpError('EXP_RUN', `The run ${run.id} is over: no run can start inside of it.`);
  }
  const { start } = state;
  if (start === undefined)
    throw new ExpError('EXP_RUN', 'Import "exptools" before runs are started.');
  const scope = tryCurrentScope();
  // That of a ghost run is a temporary root of its own.
  const root = run.ghost ? {} : { root: join(run.dir, '../..') };
  return runInScope(scope?.run === run ? scope : Scope.ofRun(run), () =>
    start(target as never, overrides, { ...root, ...options }),
  );
}

import { composeConfig } from '../config/compose.ts';
import { assignmentsOf } from '../config/assignment.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { endingOf } from '../run/ending.ts';
import { Lifecycle, type LifecycleOptions } from '../run/lifecycle.ts';
import type { Run } from '../run/run.ts';
import { makeSinks } from '../run/sinks.ts';
import { runInScope, Scope } from '../scope/scope.ts';
import type { Definition } from './definition.ts';

/** A run that is over, and what it threw, if it did. */
export interface Executed {
  readonly run: Run;
  readonly thrown?: { readonly error: unknown };
}

/**
 * Executes one planned run in this process, from its start to its end.
 * @throws {ExpError} if it cannot start; what its code throws is in the result.
 */
export async function execute(
  definition: Definition,
  spec: RunSpec,
  options?: LifecycleOptions,
): Promise<Executed> {
  const assignments = assignmentsOf(spec.input, { layer: 'api' });
  const { config } = await composeConfig(definition.schema, assignments);
  const lifecycle = new Lifecycle(spec, config, makeSinks(spec.sinks, definition.sinks), options);
  const { run } = lifecycle;
  const command = definition.commands.get(spec.command)!;
  try {
    const result = await runInScope(Scope.ofRun(run), () => command(run));
    if (result !== undefined) run.result = result;
  } catch (error) {
    await lifecycle.end(endingOf(error));
    return { run, thrown: { error } };
  }
  await lifecycle.end({ status: 'completed' });
  return { run, ...(run.failure && { thrown: run.failure }) };
}

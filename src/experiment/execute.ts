import { recompose } from '../config/compose.ts';
import { describeSchema } from '../config/schema.ts';
import type { RunSpec } from '../core/run-spec.ts';
import { conduct } from '../run/conduct.ts';
import type { LifecycleOptions } from '../run/lifecycle-options.ts';
import { Lifecycle } from '../run/lifecycle.ts';
import type { Run } from '../run/run.ts';
import { makeSinks } from '../run/sinks.ts';
import { ownSinks, type Definition } from './definition.ts';

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
  options: LifecycleOptions = {},
): Promise<Executed> {
  const config = await recompose(definition.schema, spec.input);
  const { schema, seedGlobals = false, stopOnNaN } = definition;
  // Whoever chose them, they were there when the run was planned.
  const sinks = makeSinks({ names: spec.sinks, by: 'flag' }, ownSinks(definition));
  const lifecycle = new Lifecycle(spec, config, sinks, {
    ...options,
    ...(schema !== undefined && { schema: describeSchema(schema) }),
    seedGlobals,
    stopOnNaN,
    hooks: definition,
  });
  const thrown = await conduct(lifecycle, definition.commands.get(spec.command)!);
  return { run: lifecycle.run, ...(thrown !== undefined && { thrown }) };
}

import type { ConfigSchema } from '../config/schema.ts';
import { configField } from '../experiment/config-fields.ts';
import { membersFor } from '../experiment/members.ts';
import { tryCurrentScope } from '../scope/scope.ts';
import { decorated, misuse } from './dialect.ts';

/** Decorates a field, in either dialect. */
export interface FieldDecorator<Value = unknown> {
  <This, V extends Value>(
    value: undefined,
    context: ClassFieldDecoratorContext<This, V>,
  ): (initial: V) => V;
  (target: object, key: string | symbol): void;
}

/** As `@config`, or as `@config(schema)`, which also declares the config. */
export interface Config extends FieldDecorator {
  <Output>(schema: ConfigSchema<Output>): FieldDecorator;
}

/**
 * Gives a field the config of the run, or the section that has the field's name. With a schema it
 * declares that config or section, for an `@experiment` that declares none.
 */
export const config: Config = ((...args: unknown[]): unknown => {
  const isSchema =
    args.length === 1 && (args[0] as Partial<ConfigSchema>)?.['~standard'] !== undefined;
  if (isSchema) return (...inner: unknown[]) => decorate(inner, args[0] as ConfigSchema);
  return decorate(args, undefined);
}) as Config;

function decorate(args: readonly unknown[], schema: ConfigSchema | undefined): unknown {
  const found = decorated('config', args);
  if (found.kind !== 'field' || found.isStatic) {
    throw misuse('config', found, 'it belongs on public instance fields');
  }
  if (found.membersKey !== undefined) membersFor(found.membersKey).fields.set(found.name, schema);
  if (found.dialect === 'legacy') return undefined; // filled once the instance is constructed
  return (initial: unknown) => {
    const run = tryCurrentScope()?.run;
    return run === undefined ? initial : configField(run.config, found.name);
  };
}

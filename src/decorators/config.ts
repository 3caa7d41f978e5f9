import type { ConfigSchema } from '../config/schema.ts';
import { ExpError } from '../core/errors.ts';
import { bindConfigField } from '../experiment/config-fields.ts';
import { membersFor } from '../experiment/members.ts';
import { decorated, misuse } from './dialect.ts';

/** Decorates a field, in either dialect. */
export interface FieldDecorator<Value = unknown> {
  <This, V extends Value>(value: undefined, context: ClassFieldDecoratorContext<This, V>): void;
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
  if (args.length !== 1) return decorate(args, undefined);
  const [schema] = args as [ConfigSchema | undefined];
  if (schema?.['~standard'] === undefined) {
    throw new ExpError(
      'EXP_DECORATOR',
      `@config(...) takes a schema, as z.object({...}); got ${typeof schema}.`,
    );
  }
  return (...inner: unknown[]) => decorate(inner, schema);
}) as Config;

function decorate(args: readonly unknown[], schema: ConfigSchema | undefined): void {
  const found = decorated('config', args);
  if (found.kind !== 'field' || found.isStatic || found.isPrivate) {
    throw misuse('config', found, 'it belongs on public instance fields');
  }
  membersFor(found.membersKey).fields.set(found.name, schema);
  if (found.dialect === 'legacy') return; // bound by whoever has the instance first
  const { addInitializer } = args[1] as ClassFieldDecoratorContext;
  addInitializer(function (this: unknown) {
    bindConfigField(this as object, found.name);
  });
}

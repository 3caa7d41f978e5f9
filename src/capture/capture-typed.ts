import { configKeys } from '../config/keys.ts';
import { declares, followKey, type JsonSchema } from '../config/json-schema.ts';
import { describeSchema, type ConfigSchema } from '../config/schema.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { capture } from './capture.ts';
import { SPECIAL_NAMES } from './injectable.ts';
import type {
  GivenList,
  GivenValues,
  InjectedList,
  InjectedName,
  InjectedValues,
} from './injected-types.ts';
import { parametersOf } from './parameters.ts';

/** Captures a function whose one parameter is taken apart: `({ lr, rng }) => ...`. */
export type CaptureMembers = <Config, Result>(
  schema: ConfigSchema<Config>,
  fn: (values: InjectedValues<Config>) => Result,
) => (given?: GivenValues<Config>) => Result;

/** Captures a function by the names of its arguments, in order. */
export type CaptureByName = <Config, const Names extends readonly InjectedName<Config>[], Result>(
  schema: ConfigSchema<Config>,
  names: Names,
  fn: (...args: InjectedList<Config, Names>) => Result,
) => (...given: GivenList<Config, Names>) => Result;

type AnyFunction = (...args: never[]) => unknown;

/**
 * Captures a function for a config of this schema: its arguments are named by the keys of the
 * config, dotted, and by special values. The compiler checks names and infers types, and the names
 * hold in minified code as well.
 * @param names of the arguments in order; without, the one parameter is taken apart by name.
 * @throws {ExpError} EXP_CAPTURE for a name that the schema has not.
 */
export function captureTyped(
  schema: ConfigSchema,
  names: readonly string[] | undefined,
  fn: AnyFunction,
): AnyFunction {
  const described = describeSchema(schema);
  const name = fn.name || 'anonymous';
  for (const one of names ?? membersOf(fn, name)) {
    if (SPECIAL_NAMES.includes(one) || followKey(described, one.split('.')) !== undefined) continue;
    const known = [...keysOf(described), ...SPECIAL_NAMES];
    throw new ExpError(
      'EXP_CAPTURE',
      `${name}() is to get "${one}", which the config has not. ${suggest(one, known)}`,
    );
  }
  return capture(fn, {
    ...(names !== undefined && { names }),
    declares: (path) => declares(described, path),
  });
}

function membersOf(fn: AnyFunction, name: string): readonly string[] {
  const [parameter, ...others] = parametersOf(fn);
  if (parameter === undefined) return [];
  if (parameter.pattern === undefined || others.length > 0) {
    throw new ExpError(
      'EXP_CAPTURE',
      `${name}() must take its one parameter apart, as ({ lr, rng }) => ...; ` +
        "or name its arguments: captured(schema, ['lr', 'rng'], fn).",
    );
  }
  return parameter.pattern.members.map((member) => member.name!);
}

/** The dotted keys of a schema, sections too. */
function keysOf(schema: JsonSchema): string[] {
  const paths = configKeys(schema).map((key) => key.path.split('.'));
  const all = paths.flatMap((path) => path.map((_, i) => path.slice(0, i + 1).join('.')));
  return [...new Set(all)];
}

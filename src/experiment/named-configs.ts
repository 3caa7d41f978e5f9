import { existsSync } from 'node:fs';
import { assignmentsOf, type Assignment } from '../config/assignment.ts';
import type { AskedLayer } from '../config/compose.ts';
import { namesIn } from '../config/config-file.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ENDINGS } from '../config/value-file.ts';
import { ExpError, suggest } from '../core/errors.ts';
import type { Place } from '../core/place.ts';
import type { Origin } from '../core/run-spec.ts';
import { valuesFrom } from './asked-values.ts';

/** Named configs as the experiment declares them. */
export type NamedConfigs = Readonly<Record<string, unknown>>;

/**
 * The layers of a named config: those it extends come first.
 * @throws {ExpError} EXP_CONFIG for an unknown name, or configs that extend each other in a circle.
 */
export function namedLayers(
  configs: NamedConfigs,
  name: string,
  schema: JsonSchema,
  place: Place | undefined,
  extending: readonly string[] = [],
): (Assignment[] | AskedLayer)[] {
  if (extending.includes(name)) {
    const chain = [...extending, name].join(' → ');
    throw new ExpError('EXP_CONFIG', `Named configs extend each other in a circle: ${chain}.`);
  }
  if (!Object.hasOwn(configs, name)) {
    throw new ExpError(
      'EXP_CONFIG',
      `There is no named config "${name}". ${hint(name, Object.keys(configs))}`,
    );
  }
  const config = configs[name];
  const origin: Origin = { layer: 'named', name, ...place };
  if (typeof config === 'function') {
    const make = config as (config: unknown) => unknown;
    return [{ origin, ask: (known) => valuesFrom(`named config "${name}"`, () => make(known)) }];
  }
  const { extends: bases, ...values } = config as Record<string, unknown>;
  const below = namesIn(bases, `the named config "${name}"`).flatMap((base) =>
    namedLayers(configs, base, schema, place, [...extending, name]),
  );
  return [...below, assignmentsOf({ values, originOf: () => origin }, schema)];
}

/** What may have been meant: another name, or a file. */
function hint(name: string, known: readonly string[]): string {
  const file = ENDINGS.map((ending) => name + ending).find((one) => existsSync(one));
  if (file !== undefined) return `Did you mean the file "${file}"?`;
  const isPath = /[./\\]/.test(name);
  return isPath ? `Config files end in ${ENDINGS.join(', ')}.` : suggest(name, known);
}

import { resolve } from 'node:path';
import { assignmentsOf, type Assignment } from '../config/assignment.ts';
import type { AskedLayer } from '../config/compose.ts';
import { readConfigFile } from '../config/config-file.ts';
import { parseOverride, type OverrideText } from '../config/override.ts';
import { restoreNumbers } from '../config/restore-numbers.ts';
import { exactValues } from '../config/saved.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { isStructured } from '../config/value-file.ts';
import { ExpError, isExpError } from '../core/errors.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import type { EarlierConfig, Origin } from '../core/run-spec.ts';
import { valuesFrom } from './asked-values.ts';
import type { ConfigHook, HookContext } from '../config/config-types.ts';
import type { Definition } from './definition.ts';
import { withoutKept } from './kept-keys.ts';
import { namedLayers } from './named-configs.ts';

/** One layer of a config: assignments, or a function to ask for them. */
export type Layer = readonly Assignment[] | AskedLayer;

/** What a request says about the config. */
export interface ConfigRequest {
  /** Named configs and config files, in order. */
  readonly with?: readonly string[];
  readonly from?: EarlierConfig;
  /** Config values from code, by section and key. */
  readonly values?: unknown;
  /** Where in the user's code they stand. */
  readonly valuesOrigin?: Origin;
}

/** The layers below the variant of a sweep, lowest first, but for the hooks. */
export function chosenLayers(
  { configs, place }: Definition,
  schema: JsonSchema,
  { with: chosen = [], from }: ConfigRequest,
): Layer[] {
  const earlier = from === undefined ? [] : [earlierLayer(from, schema)];
  const files = chosen
    .filter(isStructured)
    .flatMap((name) => readConfigFile(resolve(name), schema))
    .map(({ values, originOf }) =>
      assignmentsOf({ values: restoreNumbers(values, schema), originOf }, schema),
    );
  const named = chosen
    .filter((name) => !isStructured(name))
    .flatMap((name) => namedLayers(configs, name, schema, place));
  return [...earlier, ...files, ...named];
}

/** The layers above the variant of a sweep: values from code, and overrides. */
export function explicitLayers(
  schema: JsonSchema,
  { values = {}, valuesOrigin = { layer: 'api' } }: ConfigRequest,
  overrides: readonly OverrideText[],
): Assignment[][] {
  if (!isPlainObject(values)) {
    throw new ExpError('EXP_CONFIG', `Config values must be an object, got ${jsonLine(values)}.`);
  }
  const fromCode = assignmentsOf({ values, originOf: () => valuesOrigin }, schema);
  return [fromCode, parseOverrides(overrides, schema)];
}

/** @throws {ExpError} EXP_CONFIG with one line for every override that is wrong. */
function parseOverrides(overrides: readonly OverrideText[], schema: JsonSchema): Assignment[] {
  const problems: string[] = [];
  const assignments = overrides.flatMap((override) => {
    try {
      return parseOverride(override, schema);
    } catch (error) {
      if (!isExpError(error) || error.code !== 'EXP_CONFIG') throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0) throw new ExpError('EXP_CONFIG', problems.join('\n'));
  return assignments;
}

/** The layers of config hooks, the lowest of all. */
export function hookLayers({ hooks, place }: Definition, context: HookContext): AskedLayer[] {
  return hooks.map((hook, i) => {
    const name = hook.name || `${i + 1}`;
    const ask = hook as unknown as ConfigHook<unknown>;
    return {
      origin: { layer: 'hook', name, ...place },
      ask: (config) => valuesFrom(`config hook "${name}"`, () => ask(config, context)),
    };
  });
}

function earlierLayer(earlier: EarlierConfig, schema: JsonSchema): Assignment[] {
  const { id, config, keep } = earlier;
  const origin: Origin = { layer: 'run', name: id };
  const values = exactValues(restoreNumbers(config, schema), schema);
  const assignments = assignmentsOf({ values, originOf: () => origin }, schema);
  return keep === undefined ? assignments : withoutKept(assignments, earlier, schema);
}

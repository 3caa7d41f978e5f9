import { isPlainObject } from '../core/json.ts';
import {
  alternatives,
  childSchema,
  contradictions,
  narrow,
  type JsonSchema,
} from './json-schema.ts';
import type { Path } from './path.ts';

/** A key that its section does not take. */
export interface Misfit {
  readonly path: Path;
  /**
   * The keys that chose otherwise: the `kind` of `{ kind: 'sgd', beta: 0.9 }`, if `beta` goes with
   * another one. None for a key that is unknown whatever is chosen.
   */
  readonly choices: readonly Path[];
}

/** The keys inside of a value, at any depth, that are unknown or do not go with what others chose. */
export function misfits(
  value: unknown,
  schema: JsonSchema | 'open' | undefined,
  path: Path = [],
): Misfit[] {
  const isList = Array.isArray(value);
  if (schema === undefined || schema === 'open' || (!isList && !isPlainObject(value))) return [];
  const fitting = narrow(schema, value);
  return Object.entries(value).flatMap(([key, inner]): Misfit[] => {
    if (inner === undefined) return [];
    const child = childSchema(fitting, key);
    if (child !== undefined) return misfits(inner, child, [...path, key]);
    // of too many items in a list, the schema itself says so
    if (isList) return [];
    const choices = choicesAgainst(key, schema, value).map((name) => [...path, name]);
    return [{ path: [...path, key], choices }];
  });
}

function choicesAgainst(
  key: string,
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
): string[] {
  const taking = alternatives(schema).filter((one) => childSchema(one, key) !== undefined);
  return [...new Set(taking.flatMap((one) => contradictions(one, value)))];
}

import { isPlainObject } from '../core/json.ts';
import { childSchema, narrow, type JsonSchema } from './json-schema.ts';
import type { Path } from './path.ts';

/** A key that its section does not take. */
export interface Misfit {
  readonly path: Path;
  /** True for one that goes with other choices: the `beta` of `{ kind: 'sgd', beta: 0.9 }`. */
  readonly isKnownElsewhere: boolean;
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
    const at = [...path, key];
    const child = childSchema(fitting, key);
    if (child !== undefined) return misfits(inner, child, at);
    // of too many items in a list, the schema itself says so
    return isList ? [] : [{ path: at, isKnownElsewhere: childSchema(schema, key) !== undefined }];
  });
}

import { isPlainObject } from '../core/json.ts';
import { numberFor } from '../core/special-number.ts';
import { followKey, typesOf, type JsonSchema } from './json-schema.ts';

/** Turns the words JSON files have for NaN and infinities back into numbers, where a number is asked for. */
export function restoreNumbers(value: unknown, schema: JsonSchema | 'open' | undefined): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => restoreNumbers(item, followKey(schema, [String(i)])));
  }
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        restoreNumbers(inner, followKey(schema, [key])),
      ]),
    );
  }
  const number = typeof value === 'string' ? numberFor(value) : undefined;
  if (number === undefined || schema === undefined || schema === 'open') return value;
  const types = typesOf(schema);
  return types.includes('number') && !types.includes('string') ? number : value;
}

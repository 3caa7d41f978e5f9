import { createHash } from 'node:crypto';
import { isPlainObject, jsonLine, toJson, type JsonObject } from '../core/json.ts';

/**
 * Names a resolved config: equal configs have equal names, whatever the order of their keys. The key
 * `seed` does not count, since repeats of a variant differ in it alone.
 */
export function configHash(config: unknown): string {
  const { seed: _, ...values } = toJson(config) as JsonObject;
  return createHash('sha256')
    .update(jsonLine(sorted(values)))
    .digest('hex')
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isPlainObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}

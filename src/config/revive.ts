import { isPlainObject } from '../core/json.ts';
import { alternatives, followKey, type JsonSchema } from './json-schema.ts';

/** Turns text into the dates and bigints that a schema asks for, which text files have no form of. */
export function revive(value: unknown, schema: JsonSchema | 'open' | undefined): unknown {
  if (schema === undefined || schema === 'open') return value;
  if (Array.isArray(value)) {
    return value.map((item, i) => revive(item, followKey(schema, [String(i)])));
  }
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, revive(inner, followKey(schema, [key]))]),
    );
  }
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const options = alternatives(schema);
  const isFine = options.some((one) => one['x-value'] === undefined && one.type === typeof value);
  const wanted = options.find((one) => one['x-value'] !== undefined)?.['x-value'];
  return isFine || wanted === undefined ? value : (READERS[wanted](value) ?? value);
}

/** What cannot be read stays as it is, for the schema to refuse. */
const READERS = {
  date(value: string | number): Date | undefined {
    const date = new Date(value);
    return Number.isNaN(date.getTime()) ? undefined : date;
  },
  bigint(value: string | number): bigint | undefined {
    return /^[+-]?\d+$/.test(String(value)) ? BigInt(value) : undefined;
  },
} as const;

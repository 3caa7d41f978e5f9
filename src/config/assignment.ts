import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import { configKeys } from './keys.ts';
import { parseValue } from './parse-value.ts';
import { childSchema, type JsonSchema } from './schema.ts';

/** One value for one key, and where it comes from. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly origin: Origin;
}

/** An override as it stands on the command line, split at its first `=`. */
export interface OverrideText {
  readonly path: readonly string[];
  readonly value: string;
  readonly text: string;
}

/**
 * Splits `train.lr=0.1`.
 * @throws {ExpError} EXP_USAGE if there is no key.
 */
export function splitOverride(text: string): OverrideText {
  const at = text.indexOf('=');
  const path = text.slice(0, at).trim().split('.');
  if (at < 1 || path.includes('')) {
    throw new ExpError('EXP_USAGE', `"${text}" is no override. Write key=value, as in lr=0.1.`);
  }
  return { path, value: text.slice(at + 1).trim(), text };
}

/** The assignment an override makes, its value read by the schema's type. */
export function parseOverride(override: OverrideText, schema: JsonSchema): Assignment {
  const key = override.path.join('.');
  const value = parseValue(key, override.value, schemaAt(schema, override.path));
  return { path: override.path, value, origin: { layer: 'override', text: override.text } };
}

/** The assignments that a partial config makes: one for each value that is not a section. */
export function assignmentsOf(values: unknown, origin: Origin): Assignment[] {
  return leaves(values).map(({ path, value }) => ({ path, value, origin }));
}

/** Every value in nested plain objects, with its path; an empty object is a value. */
export function leaves(
  value: unknown,
  path: readonly string[] = [],
): { path: readonly string[]; value: unknown }[] {
  const isSection = isPlainObject(value) && (Object.keys(value).length > 0 || path.length === 0);
  if (!isSection) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/**
 * The schema of a key at any depth.
 * @throws {ExpError} EXP_CONFIG for an unknown key, with the nearest known one.
 */
export function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema | 'open' {
  let at: JsonSchema | 'open' = schema;
  for (const key of path) {
    if (at === 'open') return 'open';
    const child = childSchema(at, key);
    if (child === undefined) throw unknownKey(schema, path);
    at = child;
  }
  return at;
}

function unknownKey(schema: JsonSchema, path: readonly string[]): ExpError {
  const name = path.join('.');
  const known = configKeys(schema).map((key) => key.path);
  if (known.length === 0) {
    return new ExpError('EXP_CONFIG', `Config key "${name}" is unknown: no config is declared.`);
  }
  const sameLeaf = known.filter((key) => key.split('.').at(-1) === path.at(-1));
  const hint = sameLeaf.length > 0 ? `Did you mean "${sameLeaf[0]}"?` : suggest(name, known);
  return new ExpError('EXP_CONFIG', `Config key "${name}" is unknown. ${hint}`);
}

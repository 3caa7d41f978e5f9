import { isPlainObject } from '../core/json.ts';
import type { Origin } from '../core/run-spec.ts';
import { parsePath, type Path } from './path.ts';
import { childSchema, followKey, propertiesOf, type JsonSchema } from './json-schema.ts';

/**
 * What is done to a key. Where the value is an object, all but `replace` merge it: keys it does not
 * name keep what other layers say. A list is always taken as a whole.
 *
 * - `put`: sets it; in an open section it may be new. What values in files and code do.
 * - `change`: sets it where it exists. What `key=value` on the command line does.
 * - `add`: sets it in an open section, where it does not exist: `+key=value`.
 * - `replace`: sets it and forgets what other layers say of keys below it: `key:=value`.
 * - `unset`: forgets what other layers say: `~key`.
 */
export type Operation = 'put' | 'change' | 'add' | 'replace' | 'unset';

/** One value for one key, and where it comes from. */
export interface Assignment {
  readonly operation: Operation;
  readonly path: Path;
  /** Nothing for `unset`. */
  readonly value: unknown;
  readonly origin: Origin;
  /** Where the parts of a list come from. */
  readonly originOf?: ((inner: Path) => Origin) | undefined;
}

/** Nested values, with where each of them comes from. */
export interface Values {
  readonly values: unknown;
  readonly originOf: (path: Path) => Origin;
}

/**
 * The assignments that nested values make, one for each that is not a section. Where the schema does
 * not know a key, it may be a path (`'net.layers[0]'`), with the signs of the command line around it:
 * `~key`, `+key` and `key:`. Values that are `undefined` are not given.
 */
export function assignmentsOf({ values, originOf }: Values, schema: JsonSchema): Assignment[] {
  return isPlainObject(values) ? collect(values, schema, [], [], originOf) : [];
}

/**
 * @param path of the section in the config.
 * @param place of the section in the values, whose keys may be paths.
 */
function collect(
  section: Readonly<Record<string, unknown>>,
  schema: JsonSchema | 'open' | undefined,
  path: Path,
  place: Path,
  originOf: (place: Path) => Origin,
): Assignment[] {
  return Object.entries(section).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const isKnown = schema !== 'open' && schema !== undefined;
    const written = isKnown
      ? readKey(key, schema)
      : { path: [key], operation: 'put' as const, schema };
    const inner = [...path, ...written.path];
    const origin = originOf([...place, key]);
    const { operation } = written;
    const assignment = { operation, path: inner, value, origin };
    if (!isPlainObject(value) || operation === 'replace' || operation === 'unset') {
      const inside = (part: Path): Origin => originOf([...place, key, ...part]);
      return { ...assignment, ...(Array.isArray(value) && { originOf: inside }) };
    }
    const below = collect(value, written.schema, inner, [...place, key], originOf);
    return operation === 'put' && below.length > 0
      ? below
      : [{ ...assignment, value: {} }, ...below];
  });
}

/**
 * What a key of nested values means to a section of the given schema, and the schema of what it
 * leads to: `'open'` where the schema says nothing of it, `undefined` for an unknown key.
 */
export function readKey(
  key: string,
  schema: JsonSchema,
): { path: Path; operation: Operation; schema: JsonSchema | 'open' | undefined } {
  const literal = { path: [key], operation: 'put', schema: childSchema(schema, key) } as const;
  if (propertiesOf(schema).has(key)) return literal;
  const [, sign, text, colon] = /^([~+]?)(.*?)(:?)$/s.exec(key)!;
  const path = parsePath(text!);
  // Where any key may stand, a key is a path only if it leads to what is declared.
  const isOpen = literal.schema !== undefined;
  if (path === undefined || (isOpen && !propertiesOf(schema).has(path[0]!))) return literal;
  const written = { path, schema: followKey(schema, path) };
  if (sign === '~') return { ...written, operation: 'unset' };
  if (sign === '+') return { ...written, operation: 'add' };
  if (colon === ':') return { ...written, operation: 'replace' };
  return { ...written, operation: 'put' };
}

/** Every value in nested plain objects, with its path; an empty object is a value. */
export function leaves(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  const isSection = isPlainObject(value) && (Object.keys(value).length > 0 || path.length === 0);
  if (!isSection) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

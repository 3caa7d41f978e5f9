import { isPlainObject } from '../core/json.ts';
import type { Path } from './path.ts';

/** The part of JSON Schema a config needs. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | false;
  /** The items of a tuple, by position. */
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** What the text of a value stands for, where JSON has no form of it. */
  readonly 'x-value'?: 'date' | 'bigint';
}

/** The alternatives of a union; a schema that is none is its own only one. */
export function alternatives(schema: JsonSchema): readonly JsonSchema[] {
  const union = schema.anyOf ?? schema.oneOf;
  return union === undefined ? [schema] : union.flatMap(alternatives);
}

/** The JSON types a schema accepts; none when it accepts anything. */
export function typesOf(schema: JsonSchema): readonly string[] {
  return [...new Set(alternatives(schema).flatMap((one) => one.type ?? []))];
}

/** The values a schema allows, where it lists them. */
export function choicesOf(schema: JsonSchema): readonly unknown[] {
  return alternatives(schema).flatMap((one) =>
    one.const !== undefined ? [one.const] : (one.enum ?? []),
  );
}

/** The properties of a section by name; those that alternatives share allow what any of them does. */
export function propertiesOf(schema: JsonSchema): ReadonlyMap<string, JsonSchema> {
  let properties = knownProperties.get(schema);
  if (properties === undefined) {
    knownProperties.set(schema, (properties = collectProperties(schema)));
  }
  return properties;
}

// Asked for at every step of every path; a schema never changes.
const knownProperties = new WeakMap<JsonSchema, ReadonlyMap<string, JsonSchema>>();

function collectProperties(schema: JsonSchema): ReadonlyMap<string, JsonSchema> {
  const found = new Map<string, JsonSchema[]>();
  for (const one of alternatives(schema)) {
    for (const [name, property] of Object.entries(one.properties ?? {})) {
      found.set(name, [...(found.get(name) ?? []), property]);
    }
  }
  return new Map(
    [...found].map(([name, all]) => [name, all.length === 1 ? all[0]! : { anyOf: all }]),
  );
}

/**
 * The alternatives that fit what a value says of itself: of `{ kind: 'adam' }` those whose `kind`
 * is `adam`. All of them where that leaves none.
 */
export function narrow(schema: JsonSchema, value: unknown): JsonSchema {
  const all = alternatives(schema);
  if (all.length === 1 || !isPlainObject(value)) return schema;
  const fitting = all.filter((one) => contradictions(one, value).length === 0);
  if (fitting.length === 0) return schema;
  return fitting.length === 1 ? fitting[0]! : { anyOf: fitting };
}

/** The keys by which a value says that it is no such section: a `kind` that it does not allow. */
export function contradictions(
  section: JsonSchema,
  value: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(section.properties ?? {})
    .filter(([name, property]) => {
      const choices = choicesOf(property);
      return choices.length > 0 && value[name] !== undefined && !choices.includes(value[name]);
    })
    .map(([name]) => name);
}

/**
 * The schema of one property, or of one item of a list; `'open'` where any key may stand;
 * `undefined` where there is no such key.
 */
export function childSchema(schema: JsonSchema, key: string): JsonSchema | 'open' | undefined {
  const property = propertiesOf(schema).get(key);
  if (property !== undefined) return property;
  for (const one of alternatives(schema)) {
    if (/^-?\d+$/.test(key) && typesOf(one).includes('array')) return itemSchema(one, Number(key));
    const rest = one.additionalProperties;
    if (isPlainObject(rest)) return isOpen(rest) ? 'open' : rest;
    if (rest === true || isOpen(one)) return 'open';
  }
  return undefined;
}

/** The schema a path leads to: see {@link childSchema}. */
export function followKey(
  schema: JsonSchema | 'open' | undefined,
  path: Path,
): JsonSchema | 'open' | undefined {
  let at = schema;
  for (const key of path) {
    if (at === undefined || at === 'open') return at;
    at = childSchema(at, key);
  }
  return at;
}

function itemSchema(list: JsonSchema, index: number): JsonSchema | 'open' | undefined {
  const { prefixItems, items } = list;
  const item = prefixItems?.at(index) ?? items;
  if (item === false || (item === undefined && prefixItems !== undefined)) return undefined;
  return item === undefined || isOpen(item) ? 'open' : item;
}

/** True for keys and sections that a schema names; what an open section takes besides is not. */
export function declares(schema: JsonSchema, path: Path): boolean {
  let at: JsonSchema | undefined = schema;
  for (const key of path) at = at === undefined ? undefined : propertiesOf(at).get(key);
  return at !== undefined;
}

/** True when a schema says nothing about what it accepts. */
export function isOpen(schema: JsonSchema): boolean {
  return typesOf(schema).length === 0 && choicesOf(schema).length === 0 && schema.not === undefined;
}

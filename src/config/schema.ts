import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';

/**
 * A config schema: anything that follows Standard Schema and Standard JSON Schema
 * (https://standardschema.dev), as zod 4.2 and later does. Schemas are touched through these two
 * methods alone, so this package imports no schema library and never meets a second copy of one.
 */
export interface ConfigSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly jsonSchema?: {
      readonly input: (options: {
        readonly target: 'draft-2020-12';
        readonly libraryOptions?: Record<string, unknown>;
      }) => Record<string, unknown>;
    };
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

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
}

/**
 * What the schema accepts, as JSON Schema.
 * @throws {ExpError} EXP_CONFIG if it is no schema, or no object schema.
 */
export function describeSchema(schema: ConfigSchema): JsonSchema {
  const known = isPlainObject(schema) ? undefined : described.get(schema);
  if (known !== undefined) return known;
  const made = describe(schema);
  described.set(schema, made);
  return made;
}

const described = new WeakMap<ConfigSchema, JsonSchema>();

function describe(schema: ConfigSchema): JsonSchema {
  const standard = (schema as Partial<ConfigSchema> | undefined)?.['~standard'];
  if (standard?.jsonSchema === undefined) {
    throw new ExpError(
      'EXP_CONFIG',
      'A config must be a schema that can describe itself (Standard JSON Schema), as z.object({...}) ' +
        `of zod 4.2 or later; got ${isPlainObject(schema) ? 'a plain object' : typeof schema}.`,
    );
  }
  let raw: JsonSchema;
  try {
    raw = standard.jsonSchema.input({
      target: 'draft-2020-12',
      libraryOptions: { unrepresentable: 'any' },
    });
  } catch (error) {
    throw new ExpError(
      'EXP_CONFIG',
      `The config schema cannot describe itself: ${messageOf(error)}.`,
      { cause: error },
    );
  }
  const inlined = inlineRefs(raw, raw.$defs ?? {}, []);
  if (!alternatives(inlined).every((one) => one.type === 'object')) {
    throw new ExpError('EXP_CONFIG', 'A config must be an object schema, as z.object({...}).');
  }
  return inlined;
}

/** Puts definitions in the place of references; inside of itself a recursive one is left open. */
function inlineRefs<T>(node: T, defs: Readonly<Record<string, JsonSchema>>, path: string[]): T {
  if (Array.isArray(node)) return node.map((item: unknown) => inlineRefs(item, defs, path)) as T;
  if (!isPlainObject(node)) return node;
  const { $ref, $defs: _, ...rest } = node;
  const own = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, inlineRefs(value, defs, path)]),
  );
  const name = typeof $ref === 'string' ? $ref.replace('#/$defs/', '') : undefined;
  if (name === undefined || path.includes(name)) return own as T;
  return { ...inlineRefs(defs[name], defs, [...path, name]), ...own } as T;
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
  const fitting = all.filter((one) =>
    Object.entries(one.properties ?? {}).every(([name, property]) => {
      const choices = choicesOf(property);
      return choices.length === 0 || value[name] === undefined || choices.includes(value[name]);
    }),
  );
  if (fitting.length === 0) return schema;
  return fitting.length === 1 ? fitting[0]! : { anyOf: fitting };
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

function itemSchema(list: JsonSchema, index: number): JsonSchema | 'open' | undefined {
  const { prefixItems, items } = list;
  const item = prefixItems?.at(index) ?? items;
  if (item === false || (item === undefined && prefixItems !== undefined)) return undefined;
  return item === undefined || isOpen(item) ? 'open' : item;
}

/** True for keys and sections that a schema names; what an open section takes besides is not. */
export function declares(schema: JsonSchema, path: readonly string[]): boolean {
  let at: JsonSchema | undefined = schema;
  for (const key of path) at = at === undefined ? undefined : propertiesOf(at).get(key);
  return at !== undefined;
}

/** True when a schema says nothing about what it accepts. */
function isOpen(schema: JsonSchema): boolean {
  return typesOf(schema).length === 0 && choicesOf(schema).length === 0 && schema.not === undefined;
}

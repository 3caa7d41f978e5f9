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
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
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
  const standard = (schema as Partial<ConfigSchema> | undefined)?.['~standard'];
  if (standard?.jsonSchema === undefined) {
    throw new ExpError(
      'EXP_CONFIG',
      'A config must be a schema that can describe itself (Standard JSON Schema), as z.object({...}) ' +
        `of zod 4.2 or later; got ${isPlainObject(schema) ? 'a plain object' : typeof schema}.`,
    );
  }
  let described: JsonSchema;
  try {
    described = standard.jsonSchema.input({
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
  if (described.type !== 'object') {
    throw new ExpError('EXP_CONFIG', 'A config must be an object schema, as z.object({...}).');
  }
  return described;
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

/**
 * The schema of one property or array item; `'open'` where the object takes any key; `undefined`
 * where there is no such key.
 */
export function childSchema(schema: JsonSchema, key: string): JsonSchema | 'open' | undefined {
  for (const one of alternatives(schema)) {
    const property = one.properties?.[key];
    if (property !== undefined && Object.hasOwn(one.properties!, key)) return property;
    if (one.items !== undefined && /^\d+$/.test(key)) return one.items;
    const rest = one.additionalProperties;
    if (isPlainObject(rest)) return Object.keys(rest).length > 0 ? rest : 'open';
    if (rest === true || Object.keys(one).length === 0) return 'open';
  }
  return undefined;
}

import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject, toJson } from '../core/json.ts';
import { alternatives, type JsonSchema } from './json-schema.ts';
import { linkRefs } from './link-refs.ts';
import { restoreNumbers } from './restore-numbers.ts';

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
      libraryOptions: { unrepresentable: 'any', override: spellOut },
    });
  } catch (error) {
    throw new ExpError(
      'EXP_CONFIG',
      `The config schema cannot describe itself: ${messageOf(error)}.`,
      { cause: error },
    );
  }
  const linked = linkRefs(restoreDefaults(raw));
  if (!alternatives(linked).every((one) => one.type === 'object')) {
    throw new ExpError('EXP_CONFIG', 'A config must be an object schema, as z.object({...}).');
  }
  return linked;
}

/** A schema of zod with a default, and what became of it. */
interface Described {
  readonly zodSchema: { readonly _zod?: { readonly def?: Readonly<Record<string, unknown>> } };
  readonly jsonSchema: Record<string, unknown>;
}

/**
 * zod writes defaults as JSON, where NaN and infinities turn into null: spells them in words. It has
 * nothing to say of dates and bigints, which are text in files and on the command line.
 */
function spellOut({ zodSchema, jsonSchema }: Described): void {
  const { type, defaultValue, coerce } = zodSchema._zod?.def ?? {};
  if ((type === 'date' || type === 'bigint') && coerce !== true) {
    Object.assign(jsonSchema, { type: 'string', 'x-value': type });
  }
  if (type === 'default' && 'default' in jsonSchema) jsonSchema['default'] = toJson(defaultValue);
}

/** Turns the words for numbers in defaults back into numbers. */
function restoreDefaults<T>(node: T): T {
  if (Array.isArray(node)) return node.map(restoreDefaults) as T;
  if (!isPlainObject(node)) return node;
  const entries = Object.entries(node).map(([key, value]) => [
    key,
    key === 'default' ? restoreNumbers(value, node) : restoreDefaults(value),
  ]);
  return Object.fromEntries(entries) as T;
}

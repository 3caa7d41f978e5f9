import { alternatives, choicesOf, typesOf, type JsonSchema } from './schema.ts';

/** One key of a config, for `--help` and suggestions. */
export interface ConfigKey {
  /** Dotted path: `train.lr`. */
  readonly path: string;
  /** For people: `number > 0`, `sgd | adam`, `number[]`. */
  readonly type: string;
  readonly required: boolean;
  readonly default?: unknown;
  readonly description?: string;
}

/** Every key of a config that is not a section, in the order of the schema. */
export function configKeys(schema: JsonSchema, prefix = ''): ConfigKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix + name;
    const isSection = alternatives(property).some((one) => one.properties !== undefined);
    if (isSection) return configKeys(property, `${path}.`);
    const required = schema.required?.includes(name) === true && property.default === undefined;
    return {
      path,
      type: typeText(property),
      required,
      ...(property.default !== undefined && { default: property.default }),
      ...(property.description !== undefined && { description: property.description }),
    };
  });
}

/** A type in words: `sgd | adam`, `integer >= 1`, `text | null`. */
export function typeText(schema: JsonSchema): string {
  const choices = choicesOf(schema);
  const isNullable = typesOf(schema).includes('null') && !choices.includes(null);
  if (choices.length > 0) return [...choices, ...(isNullable ? ['null'] : [])].join(' | ');
  const words = alternatives(schema).flatMap((one) => typesOf(one).map((type) => word(one, type)));
  return words.length === 0 ? 'any' : [...new Set(words)].join(' | ');
}

function word(schema: JsonSchema, type: string): string {
  if (type === 'array')
    return schema.items === undefined ? 'any[]' : `${bracketed(schema.items)}[]`;
  if (type === 'string') return 'text';
  if (type !== 'number' && type !== 'integer') return type;
  return [type, ...bounds(schema)].join(' ');
}

function bracketed(item: JsonSchema): string {
  const text = typeText(item);
  return text.includes(' ') ? `(${text})` : text;
}

function bounds(schema: JsonSchema): string[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const parts: string[] = [];
  // zod gives integers the bounds of the safe ones, which say nothing
  if (exclusiveMinimum !== undefined) parts.push(`> ${exclusiveMinimum}`);
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) parts.push(`>= ${minimum}`);
  if (exclusiveMaximum !== undefined) parts.push(`< ${exclusiveMaximum}`);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) parts.push(`<= ${maximum}`);
  return parts;
}

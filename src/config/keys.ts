import { isPlainObject } from '../core/json.ts';
import { alternatives, choicesOf, propertiesOf, typesOf, type JsonSchema } from './schema.ts';

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
export function configKeys(schema: JsonSchema): ConfigKey[] {
  return keysUnder(schema, '', {}, true);
}

/**
 * @param defaults what a section that nobody mentions is; its keys have their defaults from there.
 * @param isNeeded false for a section that may be left out, with everything it requires.
 */
function keysUnder(
  schema: JsonSchema,
  prefix: string,
  defaults: unknown,
  isNeeded: boolean,
): ConfigKey[] {
  return [...propertiesOf(schema)].flatMap(([name, property]) => {
    const path = prefix + name;
    const inherited = isPlainObject(defaults) ? defaults[name] : undefined;
    const byDefault = inherited === undefined ? property.default : inherited;
    const isRequired = isNeeded && alternatives(schema).every((one) => requires(one, name));
    if (propertiesOf(property).size > 0) {
      const isThere = isNeeded && (isRequired || isPlainObject(byDefault));
      return keysUnder(property, `${path}.`, byDefault, isThere);
    }
    return {
      path,
      type: typeText(property),
      required: isRequired && byDefault === undefined,
      ...(byDefault !== undefined && { default: byDefault }),
      ...(property.description !== undefined && { description: property.description }),
    };
  });
}

function requires(schema: JsonSchema, name: string): boolean {
  return schema.required?.includes(name) === true;
}

/** A type in words: `sgd | adam`, `integer >= 1`, `text | null`. */
export function typeText(schema: JsonSchema): string {
  const words = alternatives(schema).flatMap((one) => {
    const choices = choicesOf(one).map(String);
    return choices.length > 0 ? choices : typesOf(one).map((type) => word(one, type));
  });
  return words.length === 0 ? 'any' : [...new Set(words)].join(' | ');
}

function word(schema: JsonSchema, type: string): string {
  if (type === 'array') return listText(schema);
  if (type === 'string') return 'text';
  if (type !== 'number' && type !== 'integer') return type;
  return [type, ...bounds(schema)].join(' ');
}

function listText({ prefixItems, items }: JsonSchema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map(typeText).join(', ')}]`;
  if (items === undefined || items === false) return 'any[]';
  const text = typeText(items);
  return text.includes(' ') ? `(${text})[]` : `${text}[]`;
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

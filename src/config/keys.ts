import { isPlainObject } from '../core/json.ts';
import { pathText, type Path } from './path.ts';
import { alternatives, choicesOf, propertiesOf, typesOf, type JsonSchema } from './json-schema.ts';

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
  return keysUnder(schema, { path: [], defaults: {}, isNeeded: true, within: [] });
}

/** Where in a config a section stands. */
interface Place {
  readonly path: Path;
  /** What a section that nobody mentions is; its keys have their defaults from there. */
  readonly defaults: unknown;
  /** False for a section that may be left out, with everything it requires. */
  readonly isNeeded: boolean;
  /** The sections around; one that stands inside of itself is listed as one key. */
  readonly within: readonly JsonSchema[];
}

function keysUnder(schema: JsonSchema, { path, defaults, isNeeded, within }: Place): ConfigKey[] {
  const around = [...within, ...alternatives(schema)];
  return [...propertiesOf(schema)].flatMap(([name, property]) => {
    const at = [...path, name];
    const inherited = isPlainObject(defaults) ? defaults[name] : undefined;
    const byDefault = inherited === undefined ? property.default : inherited;
    const isRequired = isNeeded && alternatives(schema).every((one) => requires(one, name));
    const isRecursive = alternatives(property).some((one) => around.includes(one));
    if (propertiesOf(property).size > 0 && !isRecursive) {
      const isThere = isNeeded && (isRequired || isPlainObject(byDefault));
      return keysUnder(property, {
        path: at,
        defaults: byDefault,
        isNeeded: isThere,
        within: around,
      });
    }
    return {
      path: pathText(at),
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
  return textOf(schema, []);
}

/** @param within the lists around; one that stands inside of itself is just a `list`. */
function textOf(schema: JsonSchema, within: readonly JsonSchema[]): string {
  const words = alternatives(schema).flatMap((one) => {
    const choices = choicesOf(one).map(String);
    if (choices.length > 0) return choices;
    return typesOf(one).map((type) => (type === 'array' ? listText(one, within) : word(one, type)));
  });
  return words.length === 0 ? 'any' : [...new Set(words)].join(' | ');
}

function word(schema: JsonSchema, type: string): string {
  if (type === 'string') return 'text';
  if (type !== 'number' && type !== 'integer') return type;
  return [type, ...bounds(schema)].join(' ');
}

function listText(list: JsonSchema, within: readonly JsonSchema[]): string {
  const { prefixItems, items } = list;
  if (within.includes(list)) return 'list';
  const around = [...within, list];
  if (prefixItems !== undefined) {
    return `[${prefixItems.map((item) => textOf(item, around)).join(', ')}]`;
  }
  if (items === undefined || items === false) return 'any[]';
  const text = textOf(items, around);
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

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
  /** What has to be chosen for the key to be there: `opt.kind=adam`. */
  readonly only?: string;
}

/** Every key of a config that is not a section, in the order of the schema. */
export function configKeys(schema: JsonSchema): ConfigKey[] {
  return keysUnder(schema, '', {}, true);
}

/** A section of a config, for `--help`. */
export interface ConfigSection {
  /** Dotted path. */
  readonly path: string;
  readonly description?: string;
  /** True where it takes keys that are not declared. */
  readonly isOpen: boolean;
}

/** Every section of a config that declares keys, in the order of the schema, outer ones first. */
export function configSections(schema: JsonSchema, prefix = ''): ConfigSection[] {
  return [...propertiesOf(schema)].flatMap(([name, property]) => {
    if (propertiesOf(property).size === 0) return [];
    const { description } = property;
    const section = {
      path: prefix + name,
      ...(description !== undefined && { description }),
      isOpen: takesAnyKey(property),
    };
    return [section, ...configSections(property, `${prefix}${name}.`)];
  });
}

/** True for a section that takes keys which are not declared. */
export function takesAnyKey(schema: JsonSchema): boolean {
  return alternatives(schema).some(
    ({ additionalProperties: rest }) => rest === true || isPlainObject(rest),
  );
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
    const only = choiceOf(schema, name);
    return {
      path,
      ...(only !== undefined && { only: prefix + only }),
      type: typeText(property),
      required: isRequired && byDefault === undefined,
      ...(byDefault !== undefined && { default: byDefault }),
      ...(property.description !== undefined && { description: property.description }),
    };
  });
}

/** The choice that brings a key along: `kind=adam`; `undefined` for a key of all alternatives. */
function choiceOf(schema: JsonSchema, name: string): string | undefined {
  const all = alternatives(schema).filter(({ properties }) => properties !== undefined);
  const having = all.filter(({ properties }) => properties![name] !== undefined);
  const tag = Object.keys(having[0]!.properties!).find((key) =>
    all.every((one) => choicesOf(one.properties![key] ?? {}).length > 0),
  );
  if (having.length === all.length || tag === undefined) return undefined;
  return `${tag}=${having.flatMap((one) => choicesOf(one.properties![tag]!)).join(' or ')}`;
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
  if (type === 'object') return objectText(schema);
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

function objectText({ additionalProperties: values }: JsonSchema): string {
  const text = isPlainObject(values) ? typeText(values) : 'any';
  return text === 'any' ? 'object' : `object of ${text.includes(' ') ? `(${text})` : text}`;
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

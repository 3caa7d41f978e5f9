import { isPlainObject } from '../core/json.ts';
import { alternatives, choicesOf, typesOf, type JsonSchema } from './json-schema.ts';

/** A type in words: `sgd | adam`, `integer >= 1`, `text | null`. */
export function typeText(schema: JsonSchema): string {
  return textOf(schema, []);
}

/** @param within the lists around; one that stands inside of itself is just a `list`. */
function textOf(schema: JsonSchema, within: readonly JsonSchema[]): string {
  const words = alternatives(schema).flatMap((one) => {
    const choices = choicesOf(one).map(String);
    if (choices.length > 0) return choices;
    return typesOf(one).map((type) => word(one, type, within));
  });
  return words.length === 0 ? 'any' : [...new Set(words)].join(' | ');
}

function word(schema: JsonSchema, type: string, within: readonly JsonSchema[]): string {
  if (type === 'array') return listText(schema, within);
  if (type === 'object') return objectText(schema, within);
  if (type === 'string') return schema['x-value'] ?? 'text';
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

function objectText(object: JsonSchema, within: readonly JsonSchema[]): string {
  const { additionalProperties: values } = object;
  if (!isPlainObject(values) || within.includes(object)) return 'object';
  const text = textOf(values, [...within, object]);
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

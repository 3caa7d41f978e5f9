import { isPlainObject } from '../core/json.ts';
import { define, own } from './container.ts';
import { childSchema, narrow, propertiesOf, type JsonSchema } from './json-schema.ts';

/**
 * A value as the schema completes it: what is missing gets its default, at every depth. Sections that
 * may be left out stay out.
 */
export function complete(schema: JsonSchema, value: unknown): unknown {
  const given = value === undefined ? structuredClone(schema.default) : value;
  if (Array.isArray(given)) return given.map((item, i) => completeChild(schema, String(i), item));
  if (!isPlainObject(given)) return given;
  const completed = { ...given };
  const fitting = narrow(schema, given);
  const keys = new Set([...Object.keys(given), ...propertiesOf(fitting).keys()]);
  for (const key of keys) {
    // null is a value, not a gap.
    const inner = Object.hasOwn(given, key) ? own(given, key) : neededSection(fitting, key, given);
    const whole = completeChild(fitting, key, inner);
    if (whole !== undefined) define(completed, key, whole);
  }
  return completed;
}

function completeChild(schema: JsonSchema, key: string, value: unknown): unknown {
  const child = childSchema(schema, key);
  return child === undefined || child === 'open' ? value : complete(child, value);
}

/** Adds the sections nobody mentioned, so that the defaults inside of them hold. */
export function addSections(schema: JsonSchema, input: unknown): void {
  if (Array.isArray(input)) {
    for (const [i, item] of input.entries()) addToChild(schema, String(i), item);
  }
  if (!isPlainObject(input)) return;
  const fitting = narrow(schema, input);
  for (const key of propertiesOf(fitting).keys()) {
    const section = neededSection(fitting, key, input);
    if (section !== undefined) define(input, key, section);
  }
  for (const [key, inner] of Object.entries(input)) addToChild(fitting, key, inner);
}

function addToChild(schema: JsonSchema, key: string, value: unknown): void {
  const child = childSchema(schema, key);
  if (child !== undefined && child !== 'open') addSections(child, value);
}

/** An empty section for a key that is missing, required, and has no default as a whole. */
function neededSection(schema: JsonSchema, key: string, value: object): object | undefined {
  const property = propertiesOf(schema).get(key);
  const isNeeded =
    !Object.hasOwn(value, key) &&
    schema.required?.includes(key) === true &&
    property?.properties !== undefined &&
    property.default === undefined;
  return isNeeded ? {} : undefined;
}

import { isPlainObject } from '../core/json.ts';
import { define } from './draft.ts';
import { narrow, propertiesOf, type JsonSchema } from './schema.ts';

/**
 * A value as the schema completes it: what is missing gets its default, at every depth. Sections that
 * may be left out stay out.
 */
export function complete(schema: JsonSchema, value: unknown): unknown {
  const given = value === undefined ? structuredClone(schema.default) : value;
  if (!isPlainObject(given)) return given;
  const completed = { ...given };
  const fitting = narrow(schema, given);
  for (const [name, property] of propertiesOf(fitting)) {
    const own = Object.hasOwn(given, name) ? given[name] : undefined;
    const isNeeded = own === undefined && isNeededSection(fitting, name, property);
    const inner = complete(property, isNeeded ? {} : own);
    if (inner !== undefined) define(completed, name, inner);
  }
  return completed;
}

/** Adds the sections nobody mentioned, so that the defaults inside of them hold. */
export function addSections(schema: JsonSchema, input: Record<string, unknown>): void {
  const fitting = narrow(schema, input);
  for (const [name, property] of propertiesOf(fitting)) {
    if (!Object.hasOwn(input, name) && isNeededSection(fitting, name, property)) {
      define(input, name, {});
    }
    const inner = Object.hasOwn(input, name) ? input[name] : undefined;
    if (isPlainObject(inner)) addSections(property, inner);
  }
}

/** True for a section that is required and has no default as a whole. */
function isNeededSection(schema: JsonSchema, name: string, property: JsonSchema): boolean {
  const isRequired = schema.required?.includes(name) === true;
  return isRequired && property.properties !== undefined && property.default === undefined;
}

import { leaves } from '../config/assignment.ts';
import { alternatives, choicesOf, followKey, type JsonSchema } from '../config/json-schema.ts';
import { pathText } from '../config/path.ts';
import { jsonLine, type Json } from '../core/json.ts';
import type { Parameter } from '../core/sink.ts';

/**
 * The keys of a resolved config, with what the schema says of each.
 * @param swept the keys that the sweep varies, as they are written: `net.width`.
 */
export function parametersOf(
  config: Json,
  schema?: JsonSchema,
  swept: readonly string[] = [],
): Parameter[] {
  return leaves(config).map(({ path, value }) => {
    const described = followKey(schema, path);
    const key = pathText(path);
    return {
      key,
      value:
        value !== null && typeof value === 'object'
          ? jsonLine(value)
          : (value as Parameter['value']),
      ...(typeof described === 'object' && domainOf(described)),
      ...(swept.some((name) => `${key}.`.startsWith(`${name}.`)) && { isSwept: true }),
    };
  });
}

function domainOf(schema: JsonSchema): Omit<Parameter, 'key' | 'value'> {
  const {
    description,
    minimum = schema.exclusiveMinimum,
    maximum = schema.exclusiveMaximum,
  } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(isListed(schema) && { choices: choicesOf(schema).filter(isChoice) }),
    ...(isBound(minimum) && { minimum }),
    ...(isBound(maximum) && { maximum }),
  };
}

function isListed(schema: JsonSchema): boolean {
  return alternatives(schema).every((one) => one.const !== undefined || one.enum !== undefined);
}

function isChoice(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

// Every integer is bounded by what a number can hold exactly; that bounds nothing.
function isBound(value: number | undefined): value is number {
  return value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

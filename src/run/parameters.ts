import { leaves } from '../config/assignment.ts';
import { alternatives, choicesOf, followKey, type JsonSchema } from '../config/json-schema.ts';
import { pathText } from '../config/path.ts';
import type { Json } from '../core/json.ts';
import type { Parameter } from '../core/sink.ts';

/** The keys of a resolved config that hold one value, with what the schema says of each. */
export function parametersOf(config: Json, schema?: JsonSchema): Parameter[] {
  return leaves(config).flatMap(({ path, value }) => {
    if (value !== null && typeof value === 'object') return [];
    const described = followKey(schema, path);
    return [
      {
        key: pathText(path),
        value: value as Parameter['value'],
        ...(typeof described === 'object' && domainOf(described)),
      },
    ];
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

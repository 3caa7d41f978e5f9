import type { Expression, ObjectExpression } from 'acorn';

/** A value that source text spells out, in a box. */
export interface Literal {
  readonly value: unknown;
}

/**
 * The value of a literal: a number, text, boolean, null, or a list or object of such; `undefined`
 * for every other expression.
 */
export function literalOf(node: Expression): Literal | undefined {
  switch (node.type) {
    case 'Literal':
      return (node.regex ?? node.bigint) ? undefined : { value: node.value };
    case 'TemplateLiteral':
      return node.expressions.length > 0 ? undefined : { value: node.quasis[0]!.value.cooked };
    case 'Identifier':
      return Object.hasOwn(NUMBERS, node.name) ? { value: NUMBERS[node.name] } : undefined;
    case 'UnaryExpression':
      return signed(node.operator, literalOf(node.argument));
    case 'ArrayExpression':
      return listOf(node.elements);
    case 'ObjectExpression':
      return objectOf(node.properties);
    default:
      return undefined;
  }
}

const NUMBERS: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity };

/** Minifiers write `!0` for true. */
function signed(operator: string, literal: Literal | undefined): Literal | undefined {
  const value = literal?.value;
  if (operator === '!' && typeof value === 'number') return { value: value === 0 };
  if (typeof value !== 'number') return undefined;
  if (operator === '-') return { value: -value };
  return operator === '+' ? { value } : undefined;
}

function listOf(elements: readonly ({ readonly type: string } | null)[]): Literal | undefined {
  const literals = elements.map((element) =>
    element === null || element.type === 'SpreadElement'
      ? undefined
      : literalOf(element as Expression),
  );
  return literals.includes(undefined)
    ? undefined
    : { value: literals.map((literal) => literal!.value) };
}

function objectOf(properties: ObjectExpression['properties']): Literal | undefined {
  const entries: [string, unknown][] = [];
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed || property.kind !== 'init')
      return undefined;
    const { key, value } = property;
    const literal = literalOf(value);
    if (literal === undefined) return undefined;
    const name = key.type === 'Identifier' ? key.name : String(literalOf(key)?.value);
    entries.push([name, literal.value]);
  }
  return { value: Object.fromEntries(entries) };
}

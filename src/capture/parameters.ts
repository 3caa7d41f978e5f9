import type { AssignmentProperty, Pattern as PatternNode } from 'acorn';
import { parseFunction, textOf, type FunctionSource } from './function-source.ts';
import { literalOf, type Literal } from './literal.ts';

/** One parameter of a function, as its source text declares it. */
export interface Parameter {
  /** `undefined` for a destructured parameter, which has no name to look up. */
  readonly name: string | undefined;
  readonly hasDefault: boolean;
  /** Its default value calls `inject`. */
  readonly isInjected: boolean;
  readonly isRest: boolean;
  /** The source of its default value. */
  readonly defaultText?: string;
  /** Its default value, where that is a literal. */
  readonly literal?: Literal;
  /** What a destructured object is taken apart into. */
  readonly pattern?: Pattern;
}

/** A parameter like `{ lr, momentum = 0.9, ...rest }`. */
interface Pattern {
  /** The members by the keys they are taken from, in order. */
  readonly members: readonly Parameter[];
  /** It has a `...rest` or a computed key: it may take any member. */
  readonly isOpen: boolean;
}

/** The parameters of a native or bound function: any number, of which nothing is known. */
const UNKNOWN: Parameter = {
  name: undefined,
  hasDefault: false,
  isInjected: false,
  isRest: true,
};

/**
 * Reads the parameters of a function from its source text; JavaScript offers no other way. Works
 * for functions, arrows and methods of every kind, whatever their default values hold.
 */
export function parametersOf(fn: (...args: never[]) => unknown): readonly Parameter[] {
  let parameters = known.get(fn);
  if (parameters === undefined) known.set(fn, (parameters = readParameters(fn)));
  return parameters;
}

// Whoever captures a function may have asked for its parameters before; to parse it takes time.
const known = new WeakMap<object, readonly Parameter[]>();

function readParameters(fn: (...args: never[]) => unknown): Parameter[] {
  const source = parseFunction(fn);
  if (source === undefined) return [UNKNOWN];
  return source.parameters.map((node) => parameterOf(node, source));
}

/** True for functions whose calls return an iterator before any of their code has run. */
export function isGenerator(fn: (...args: never[]) => unknown): boolean {
  return /Generator/.test(Object.prototype.toString.call(fn));
}

function parameterOf(node: PatternNode, source: FunctionSource): Parameter {
  if (node.type === 'RestElement') return { ...parameterOf(node.argument, source), isRest: true };
  if (node.type === 'AssignmentPattern') {
    const literal = literalOf(node.right);
    const defaultText = textOf(node.right, source);
    return {
      ...parameterOf(node.left, source),
      hasDefault: true,
      isInjected: literal === undefined && /\binject\b/.test(defaultText),
      defaultText,
      ...(literal !== undefined && { literal }),
    };
  }
  const plain = { hasDefault: false, isInjected: false, isRest: false };
  if (node.type === 'Identifier') return { ...plain, name: node.name };
  if (node.type !== 'ObjectPattern') return { ...plain, name: undefined };
  const members = node.properties.flatMap((property) =>
    property.type === 'Property' ? memberOf(property, source) : [],
  );
  const isOpen = members.length < node.properties.length;
  return { ...plain, name: undefined, pattern: { members, isOpen } };
}

/** Nothing for a computed key. */
function memberOf(
  { computed, key, value }: AssignmentProperty,
  source: FunctionSource,
): Parameter[] {
  if (computed) return [];
  const name = key.type === 'Identifier' ? key.name : String(literalOf(key)?.value);
  return [{ ...parameterOf(value, source), name }];
}

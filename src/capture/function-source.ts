import {
  parse,
  type AnyNode,
  type Function as FunctionNode,
  type Options,
  type Pattern,
} from 'acorn';
import { ExpError, messageOf } from '../core/errors.ts';

/** A function as it was written. */
export interface FunctionSource {
  readonly parameters: readonly Pattern[];
  /** What the positions of nodes count in. */
  readonly text: string;
}

const OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  // Cut out of its place, the code of a function may use what is declared around it.
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
};

/**
 * Parses the source text of a function; `undefined` for native and bound functions, which have none.
 * @throws {ExpError} EXP_CAPTURE for syntax that the parser does not know.
 */
export function parseFunction(fn: (...args: never[]) => unknown): FunctionSource | undefined {
  const source = Function.prototype.toString.call(fn);
  if (/\[native code\]\s*\}$/.test(source)) return undefined;
  // A method is none by itself, and a function may well have a method's name.
  const [asFunction, asMethod] = [`(${source})`, `(class { ${source} })`];
  const parsed = tryParse(asFunction) ?? tryParse(asMethod);
  if (parsed !== undefined) return parsed;
  try {
    parse(asMethod, OPTIONS);
  } catch (error) {
    throw unreadable(fn.name, error);
  }
  throw unreadable(fn.name, 'it is no function');
}

/** The source text of a node. */
export function textOf({ start, end }: AnyNode, { text }: FunctionSource): string {
  return text.slice(start, end);
}

function tryParse(text: string): FunctionSource | undefined {
  try {
    const node = functionIn(parse(text, OPTIONS).body[0]);
    return node === undefined ? undefined : { parameters: node.params, text };
  } catch {
    // the other way of reading it will tell
    return undefined;
  }
}

function functionIn(statement: AnyNode | undefined): FunctionNode | undefined {
  if (statement?.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  if (expression.type === 'FunctionExpression') return expression;
  if (expression.type === 'ArrowFunctionExpression') return expression;
  if (expression.type !== 'ClassExpression') return undefined;
  const [member] = expression.body.body;
  return member?.type === 'MethodDefinition' ? member.value : undefined;
}

function unreadable(name: string, error: unknown): ExpError {
  return new ExpError(
    'EXP_CAPTURE',
    `The parameters of ${name || 'a function'}() cannot be read: ${messageOf(error)}. ` +
      "Give their names: captured({ names: ['lr'] }, fn).",
    { cause: error },
  );
}

import { parseLiteral } from './literal.ts';
import { closing, parts, slice, sourceOf, type Piece } from './source-text.ts';

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

const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const BARE = new RegExp(`^\\s*(?:async\\s+)?(${NAME})\\s*=>`, 'u');
const FIRST_NAME = new RegExp(`^${NAME}`, 'u');
/** The key of a member, up to its colon, if it has one. Blanked text is underscores. */
const KEY = new RegExp(`^(?:${NAME}|\\d[\\w.]*)(?=\\s*(?::|=|$))`, 'u');

/**
 * Reads the parameters of a function from its source text; JavaScript offers no other way. Works
 * for functions, arrows and methods of every kind, whatever their default values hold.
 */
export function parametersOf(fn: (...args: never[]) => unknown): Parameter[] {
  const source = sourceOf(fn);
  if (source === undefined) return [UNKNOWN];
  const bare = BARE.exec(source.code)?.[1];
  const list = bare === undefined ? parameterList(source) : { text: bare, code: bare };
  return parts(list).map((piece) => {
    const isRest = piece.code.startsWith('...');
    return parameterOf(isRest ? slice(piece, 3) : piece, isRest);
  });
}

/** True for functions whose calls return an iterator before any of their code has run. */
export function isGenerator(fn: (...args: never[]) => unknown): boolean {
  return /Generator/.test(Object.prototype.toString.call(fn));
}

function parameterList(source: Piece): Piece {
  const { code } = source;
  // A computed method name may hold brackets of its own: [key('x')](lr) { ... }
  const start = /^\s*(?:static\s+|async\b\s*|\*\s*)*\[/.test(code)
    ? closing(code, code.indexOf('[')) + 1
    : 0;
  const open = code.indexOf('(', start);
  return slice(source, open + 1, closing(code, open));
}

/** A parameter, or what a member is assigned to: a name or a pattern, and its default value. */
function parameterOf(piece: Piece, isRest: boolean): Parameter {
  const isPattern = /^[{[]/.test(piece.code);
  const end = isPattern ? closing(piece.code, 0) : 0;
  const equals = piece.code.indexOf('=', end);
  const value = equals === -1 ? undefined : slice(piece, equals + 1);
  return {
    name: FIRST_NAME.exec(piece.code)?.[0],
    hasDefault: value !== undefined,
    isInjected: value !== undefined && /\binject\b/.test(value.code),
    isRest,
    ...(value !== undefined && { defaultText: value.text }),
    ...(piece.code.startsWith('{') && { pattern: patternOf(slice(piece, 1, end)) }),
  };
}

function patternOf(inside: Piece): Pattern {
  const pieces = parts(inside);
  const members = pieces.flatMap((piece) => {
    const member = memberOf(piece);
    return member === undefined ? [] : [member];
  });
  return { members, isOpen: members.length < pieces.length };
}

/** `undefined` for a rest element or a computed key. */
function memberOf(piece: Piece): Parameter | undefined {
  const key = KEY.exec(piece.code)?.[0];
  if (key === undefined) return undefined;
  const text = piece.text.slice(0, key.length);
  const name = /^["']/.test(text) ? (parseLiteral(text)?.value as string) : text;
  const after = slice(piece, key.length);
  const target = after.code.startsWith(':') ? slice(after, 1) : piece;
  return { ...parameterOf(target, false), name };
}

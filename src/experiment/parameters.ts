import { splitOutside } from '../core/split.ts';

/** One parameter of a function, as its source text declares it. */
export interface Parameter {
  /** `undefined` for a destructured parameter, which has no name to look up. */
  readonly name: string | undefined;
  readonly hasDefault: boolean;
  /** Its default value calls `inject`. */
  readonly isInjected: boolean;
  readonly isRest: boolean;
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
export function parametersOf(fn: (...args: never[]) => unknown): Parameter[] {
  const text = Function.prototype.toString.call(fn);
  if (/\[native code\]\s*\}$/.test(text)) return [UNKNOWN];
  const source = blankLiterals(text);
  const bare = /^\s*(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source);
  const list = bare?.[1] ?? parameterList(source);
  return splitOutside(list, ',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const value = defaultOf(text);
      return {
        name: /^(?:\.\.\.)?\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(text)?.[1],
        hasDefault: value !== undefined,
        isInjected: value !== undefined && /\binject\b/.test(value),
        isRest: text.startsWith('...'),
      };
    });
}

/** True for functions whose calls return an iterator before any of their code has run. */
export function isGenerator(fn: (...args: never[]) => unknown): boolean {
  return /Generator/.test(Object.prototype.toString.call(fn));
}

function parameterList(source: string): string {
  // A computed method name may hold brackets of its own: [key('x')](lr) { ... }
  const start = /^\s*(?:static\s+|async\b\s*|\*\s*)*\[/.test(source)
    ? closing(source, source.indexOf('[')) + 1
    : 0;
  const open = source.indexOf('(', start);
  return source.slice(open + 1, closing(source, open));
}

/** The index of the bracket that closes the one at `open`. */
function closing(source: string, open: number): number {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    if ('([{'.includes(source.charAt(i))) depth++;
    else if (')]}'.includes(source.charAt(i)) && --depth === 0) return i;
  }
  return source.length;
}

/** The source of a parameter's default value. */
function defaultOf(parameter: string): string | undefined {
  const isPattern = parameter.startsWith('{') || parameter.startsWith('[');
  const start = parameter.indexOf('=', isPattern ? closing(parameter, 0) : 0);
  return start === -1 ? undefined : parameter.slice(start + 1);
}

const PLAIN = /[^"'`/{}]+/y;
const COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const STRING = /"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'/y;
/** A template up to its end or its next `${`, from its start or from the `}` of the last one. */
const TEMPLATE = /[`}](?:\\[^]|\$(?!\{)|[^\\`$])*(?:`|\$\{)/y;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/y;
/** The end of code after which a slash begins a regular expression; elsewhere it divides. */
const BEFORE_REGEX = /(?:^|[=(,:[!&|?{};<>+*%^~-]|\b(?:return|typeof|void|in|of|new|await|yield))$/;

/**
 * Replaces comments, strings, templates and regular expressions by fillers of their length, so that
 * what is left of brackets and commas is structure.
 */
function blankLiterals(source: string): string {
  const holes: number[] = []; // for each `${` that is open, how many braces are open around it
  let depth = 0;
  let code = '';
  while (code.length < source.length) {
    const find = (pattern: RegExp): string | undefined => textAt(pattern, source, code.length);
    const char = source.charAt(code.length);
    const closesHole = char === '}' && holes.at(-1) === depth;
    const plain = find(PLAIN);
    const comment = find(COMMENT);
    if (plain !== undefined) code += plain;
    else if (comment !== undefined) code += ' '.repeat(comment.length);
    else if (char === '`' || closesHole) {
      const template = find(TEMPLATE) ?? char;
      if (closesHole) holes.pop();
      const opensHole = template.endsWith('${');
      if (opensHole) holes.push(depth);
      code += (opensHole ? '+' : '_').repeat(template.length); // an operator, or an operand
    } else {
      const isRegex = char === '/' && BEFORE_REGEX.test(code.trimEnd().slice(-12));
      const literal = find(isRegex ? REGEX : STRING);
      if (char === '{') depth++;
      if (char === '}') depth--;
      code += literal === undefined ? char : '_'.repeat(literal.length);
    }
  }
  return code;
}

function textAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

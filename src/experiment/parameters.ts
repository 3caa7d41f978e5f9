/** One parameter of a function, as its source text declares it. */
export interface Parameter {
  /** `undefined` for a destructured parameter, which has no name to look up. */
  readonly name: string | undefined;
  readonly hasDefault: boolean;
  readonly isRest: boolean;
}

/**
 * Reads the parameters of a function from its source text; JavaScript offers no other way. Works
 * for functions, arrows and methods of every kind, whatever their default values hold.
 */
export function parametersOf(fn: (...args: never[]) => unknown): Parameter[] {
  const source = blankLiterals(Function.prototype.toString.call(fn));
  const bare = /^\s*(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(source);
  const list = bare?.[1] ?? parameterList(source);
  return splitAtTopLevel(list)
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => ({
      name: /^(?:\.\.\.)?\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(text)?.[1],
      hasDefault: hasDefault(text),
      isRest: text.startsWith('...'),
    }));
}

/** True for functions whose calls return an iterator before any of their code has run. */
export function isGenerator(fn: (...args: never[]) => unknown): boolean {
  return /Generator/.test(Object.prototype.toString.call(fn));
}

function parameterList(source: string): string {
  // A computed method name may hold brackets of its own: [key('x')](lr) { ... }
  const start = /^\s*(?:static\s+|async\s+|get\s+|set\s+|\*\s*)*\[/.test(source)
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

function splitAtTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const char = list.charAt(i);
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    else if (char === ',' && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, list.slice(start)];
}

function hasDefault(parameter: string): boolean {
  const isPattern = parameter.startsWith('{') || parameter.startsWith('[');
  const rest = isPattern ? parameter.slice(closing(parameter, 0) + 1) : parameter;
  return rest.includes('=');
}

/**
 * Replaces everything inside comments, strings, templates and regular expressions by spaces, so
 * that what is left of brackets and commas is structure.
 */
function blankLiterals(source: string): string {
  const literal =
    /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|`(?:\\[^]|[^`\\])*`|(?<=[=(,:[!&|?{};]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+\/[a-z]*/g;
  return source.replace(literal, (text) => ' '.repeat(text.length));
}

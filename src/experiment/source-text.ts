/** A stretch of source: as it is written, and with its literals and comments blanked. */
export interface Piece {
  readonly text: string;
  /** As long as the text, and nothing but structure. */
  readonly code: string;
}

/** The source text of a function; `undefined` for a native or bound one, which has none. */
export function sourceOf(fn: (...args: never[]) => unknown): Piece | undefined {
  const text = Function.prototype.toString.call(fn);
  if (/\[native code\]\s*\}$/.test(text)) return undefined;
  return { text, code: blankLiterals(text) };
}

/** Part of a piece, without the blanks and comments around it. */
export function slice({ text, code }: Piece, from: number, to: number = code.length): Piece {
  const start = from + /^\s*/.exec(code.slice(from, to))![0].length;
  const end = Math.max(start, from + code.slice(from, to).trimEnd().length);
  return { text: text.slice(start, end), code: code.slice(start, end) };
}

/** The parts between commas that stand outside of brackets; empty ones are left out. */
export function parts(piece: Piece): Piece[] {
  const { code } = piece;
  const found: Piece[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= code.length; i++) {
    const char = code.charAt(i);
    if ('([{'.includes(char) && char !== '') depth++;
    else if (')]}'.includes(char) && char !== '') depth--;
    else if (char === '' || (char === ',' && depth === 0)) {
      found.push(slice(piece, start, i));
      start = i + 1;
    }
  }
  return found.filter(({ code }) => code !== '');
}

/** The index of the bracket that closes the one at `open`. */
export function closing(source: string, open: number): number {
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    if ('([{'.includes(source.charAt(i))) depth++;
    else if (')]}'.includes(source.charAt(i)) && --depth === 0) return i;
  }
  return source.length;
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

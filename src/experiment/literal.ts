/**
 * The value of a literal in source text, in a box: a number, text, boolean, null, or a list or
 * object of such; `undefined` for every other expression.
 */
export function parseLiteral(source: string): { readonly value: unknown } | undefined {
  try {
    const reader = new Reader(source);
    const value = reader.value();
    return reader.isAtEnd ? { value } : undefined;
  } catch {
    // no literal
    return undefined;
  }
}

const BLANK = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const NUMBER =
  /[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|Infinity|NaN|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)(?![\w$])/y;
const WORD = /(?:true|false|null|!0|!1)(?![\w$])/y;
const STRING = /"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'|`(?:\\[^]|[^`\\$]|\$(?!\{))*`/y;
const KEY = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d+/uy;

const WORDS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  // what minifiers make of the first two
  '!0': true,
  '!1': false,
};

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#take(BLANK);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#source.length;
  }

  value(): unknown {
    if (this.#skip('[')) return this.#until(']', () => this.value());
    if (this.#skip('{')) {
      const entries = this.#until('}', () => this.#entry());
      return Object.fromEntries(entries);
    }
    const string = this.#take(STRING);
    if (string !== undefined) return unescaped(string.slice(1, -1));
    const word = this.#take(WORD);
    if (word !== undefined) return WORDS[word];
    return toNumber(this.#need(NUMBER));
  }

  #entry(): [string, unknown] {
    const string = this.#take(STRING);
    const key = string === undefined ? this.#need(KEY) : unescaped(string.slice(1, -1));
    if (!this.#skip(':')) throw new SyntaxError('no literal');
    return [key, this.value()];
  }

  #until<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.#skip(end)) {
      items.push(read());
      if (!this.#skip(',') && this.#source[this.#at] !== end) throw new SyntaxError('no literal');
    }
    return items;
  }

  #skip(char: string): boolean {
    if (this.#source[this.#at] !== char) return false;
    this.#at++;
    this.#take(BLANK);
    return true;
  }

  #need(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === undefined) throw new SyntaxError('no literal');
    return found;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    if (pattern !== BLANK) this.#take(BLANK);
    return found;
  }
}

function toNumber(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * Number(text.replace(/^[+-]/, '').replaceAll('_', ''));
}

const ESCAPE = /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|(\r\n|[^]))/g;
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r\n': '',
};

function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, braced?: string, four?: string, two?: string, char?: string) => {
    const code = braced ?? four ?? two;
    return code === undefined
      ? (ESCAPES[char!] ?? char!)
      : String.fromCodePoint(parseInt(code, 16));
  });
}

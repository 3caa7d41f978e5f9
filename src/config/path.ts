/** The way to a config key; an item of a list is a segment of digits. */
export type Path = readonly string[];

const SEGMENT = /\.?([^.[\]]+)|\[("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|-?\d+)\]/sy;

/**
 * Reads `train.lr`, `layers[0]` (or `layers.0`), `models["gpt-4.1"].weight`; `undefined` for text
 * that is no path. Inside of quotes, a backslash takes the meaning from a quote or a backslash.
 */
export function parsePath(text: string): string[] | undefined {
  const path: string[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < text.length) {
    const isFirst = SEGMENT.lastIndex === 0;
    const hasDot = text.charAt(SEGMENT.lastIndex) === '.';
    const found = SEGMENT.exec(text);
    if (found === null) return undefined;
    const [, name, bracket] = found;
    if (name !== undefined && (hasDot === isFirst || name.trim() === '')) return undefined;
    path.push(name?.trim() ?? nameIn(bracket!));
  }
  return path.length === 0 ? undefined : path;
}

/** The way to a key as it is written; text that is no path is the name of a key. */
export function keyPath(text: string): Path {
  return parsePath(text) ?? [text];
}

/** The text {@link parsePath} reads. */
export function pathText(path: Path): string {
  return path.reduce((text, name) => {
    if (/^-?\d+$/.test(name)) return `${text}[${name}]`;
    if (NEEDS_QUOTES.test(name)) return text + quotedKey(name);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** What a path or an override would read as something else than a part of the name. */
const NEEDS_QUOTES = /[.[\]=\s]|^[~+]|:$|^$/;

/** A name as a path of its own, in brackets and quotes. */
export function quotedKey(name: string): string {
  const quote = name.includes('"') && !name.includes("'") ? "'" : '"';
  return `[${quote}${name.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}]`;
}

/** The name in brackets: digits, or text in quotes. */
function nameIn(bracket: string): string {
  if (!/^["']/.test(bracket)) return bracket;
  return bracket.slice(1, -1).replaceAll(/\\(["'\\])/g, '$1');
}

/** True if `inner` is `outer`, or lies below it. */
export function isWithin(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((name, i) => inner[i] === name);
}

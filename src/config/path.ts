import { unquote } from '../core/split.ts';

/** The way to a config key; an item of a list is a segment of digits. */
export type Path = readonly string[];

const SEGMENT = /\.?([^.[\]]+)|\[("[^"]*"|'[^']*'|-?\d+)\]/y;

/**
 * Reads `train.lr`, `layers[0]` (or `layers.0`), `models["gpt-4.1"].weight`; `undefined` for text
 * that is no path.
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
    if (name !== undefined && hasDot === isFirst) return undefined;
    path.push(name?.trim() ?? unquote(bracket!));
  }
  return path.length === 0 || path.includes('') ? undefined : path;
}

/** The text {@link parsePath} reads. */
export function pathText(path: Path): string {
  return path.reduce((text, name) => {
    if (/^-?\d+$/.test(name)) return `${text}[${name}]`;
    if (/[.[\]=\s]|^$/.test(name))
      return `${text}[${name.includes('"') ? `'${name}'` : `"${name}"`}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** True if `inner` is `outer`, or lies below it. */
export function isWithin(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((name, i) => inner[i] === name);
}

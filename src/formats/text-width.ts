import { stripVTControlCharacters } from 'node:util';

const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\uff01-\uff60]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const PLAIN = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a line takes, colours left aside. */
export function textWidth(line: string): number {
  if (PLAIN.test(line)) return line.length;
  let width = 0;
  for (const char of stripVTControlCharacters(line)) width += charWidth(char);
  return width;
}

function charWidth(char: string): number {
  if (NO_WIDTH.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** The text with spaces after it, so that it takes `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** The text with spaces before it, so that it takes `width` columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** The text, or as much of its start and its end as fits into `width` columns, around a `…`. */
export function cutMiddle(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const chars = charactersOf(text);
  const start = take(chars, Math.ceil((width - 1) / 2));
  const end = take(chars.toReversed(), Math.floor((width - 1) / 2)).toReversed();
  return `${start.join('')}…${end.join('')}`;
}

/** The text, or as much of its start as fits into `width` columns, and a `…`. */
export function cutEnd(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `${take(charactersOf(text), width - 1).join('')}…`;
}

const segmenter = new Intl.Segmenter();

/** What a reader takes for one character, letters with accents and emojis of several parts too. */
function charactersOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function take(chars: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let left = width;
  for (const char of chars) {
    left -= textWidth(char);
    if (left < 0) break;
    taken.push(char);
  }
  return taken;
}

/** The text on one line, without anything a terminal would act on: a line break becomes `\n`. */
export function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => {
    const escaped = JSON.stringify(char).slice(1, -1);
    return escaped === char ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}

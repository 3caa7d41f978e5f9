/**
 * Splits text at a separator that stands outside of quotes and brackets: `[1,2],3` at `,` gives
 * `[1,2]` and `3`. Behind a backslash, a character has no meaning of its own: `a\,b` is one part,
 * and loses the backslash.
 */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    const isOutside = quote === '' && depth === 0;
    if (char === '\\') {
      const next = text.charAt(++i);
      part += isOutside && next === separator ? separator : char + next;
    } else if (isOutside && char === separator) {
      parts.push(part);
      part = '';
    } else {
      part += char;
      if (quote !== '') quote = char === quote ? '' : quote;
      else if (char === '"' || char === "'") quote = char;
      else if ('([{'.includes(char)) depth++;
      else if (')]}'.includes(char)) depth = Math.max(0, depth - 1);
    }
  }
  return [...parts, part];
}

/** Text without the quotes around it, if it has any: `"say \"hi\""` gives `say "hi"`. */
export function unquote(text: string): string {
  const quoted = /^(["'])((?:\\.|(?!\1)[^\\])*)\1$/s.exec(text);
  if (quoted === null) return text;
  const [, quote, inner] = quoted as unknown as [string, string, string];
  return inner.replaceAll(`\\${quote}`, quote);
}

import { ExpError } from '../core/errors.ts';
import { splitOutside, unquote } from '../core/split.ts';
import { deriveSeed } from '../random/derive-seed.ts';
import { Rng } from '../random/rng.ts';

/** Values in an order that the root seed of the sweep decides; the same for the same key and seed. */
export function shuffledTexts(key: string, texts: readonly string[], seed: number): string[] {
  return new Rng(deriveSeed(seed, ['shuffle', key])).shuffle(texts);
}

/**
 * Numbers by size, or text by its letters.
 * @throws {ExpError} EXP_SWEEP for a mixture, which has no order.
 */
export function sortedTexts(key: string, texts: readonly string[], isReversed: boolean): string[] {
  const words = texts.map(unquote);
  const numbers = words.filter(isNumber);
  if (numbers.length > 0 && numbers.length < words.length) {
    const word = words.find((one) => !isNumber(one));
    throw new ExpError(
      'EXP_SWEEP',
      `The sweep over "${key}" cannot sort the number ${numbers[0]} and the text "${word}". Sort values of one kind.`,
    );
  }
  const before = (a: string, b: string): number =>
    numbers.length > 0 ? Number(a) - Number(b) : a < b ? -1 : Number(a > b);
  const sign = isReversed ? -1 : 1;
  return [...texts].sort((a, b) => sign * before(unquote(a), unquote(b)));
}

/**
 * Those of the values that a key can have which match one of the patterns and none of `exclude`, in
 * the order in which the schema lists them: `glob(ad*)`, `glob([a*,b*])`, `glob(*,exclude=sgd)`.
 * @throws {ExpError} EXP_SWEEP for a key that can have any value, and where nothing matches.
 */
export function globTexts(
  key: string,
  parts: readonly string[],
  choices: readonly string[],
): string[] {
  if (choices.length === 0) {
    throw new ExpError(
      'EXP_SWEEP',
      `The sweep over "${key}" cannot use glob(...), which chooses among the values of an enum, and "${key}" is none. List its values.`,
    );
  }
  const named = parts.flatMap((part) => /^(\w+)\s*=\s*(.*)$/s.exec(part)?.slice(1) ?? []);
  const [name, excluded = '', ...others] = named;
  const include = parts.slice(0, parts.length - (name === undefined ? 0 : 1)).flatMap(patterns);
  if ((name !== undefined && name !== 'exclude') || others.length > 0 || include.length === 0) {
    throw new ExpError(
      'EXP_SWEEP',
      `The sweep over "${key}" cannot use glob(${parts.join(',')}). Write glob(ad*) or glob(*,exclude=sgd).`,
    );
  }
  const exclude = name === undefined ? [] : patterns(excluded);
  const found = choices.filter(
    (choice) => include.some((one) => one.test(choice)) && !exclude.some((one) => one.test(choice)),
  );
  if (found.length > 0) return found;
  throw new ExpError(
    'EXP_SWEEP',
    `The sweep over "${key}" lists no values: glob(${parts.join(',')}) matches none of ${choices.join(', ')}.`,
  );
}

/** The patterns of `ad*` or `[a*,b*]`, as file names have them: `*`, `?` and `[abc]`. */
function patterns(text: string): RegExp[] {
  const list = /^\[(.*,.*)\]$/s.exec(text)?.[1];
  const parts = list === undefined ? [text] : splitOutside(list, ',').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => pattern(unquote(part)));
}

function pattern(text: string): RegExp {
  const source = text.replace(/\[!?[^\]]+\]|[^]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.|+()[\]{}/]/, '\\$&');
  });
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // a class that is none, [z-a] say: it matches itself
    return new RegExp(`^${text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')}$`);
  }
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

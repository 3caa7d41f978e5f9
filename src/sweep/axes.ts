import { ExpError } from '../core/errors.ts';
import { splitOutside } from '../core/split.ts';
import { globTexts, shuffledTexts, sortedTexts } from './axis-order.ts';
import { rangeTexts } from './range.ts';

/** What the values of an axis may depend on besides its text. */
export interface AxisContext {
  /** The values that the key can have, where they are a few; for `glob(...)`. */
  readonly choices: readonly string[];
  /** The root seed of the sweep, for `shuffle(...)`. */
  readonly seed: number;
}

const CALL = /^(choice|range|shuffle|sort|glob)\((.*)\)$/s;

/** True for a right side that is spelled as a function of values: `range(3)`, `sort(2,1)`. */
export function looksLikeAxisCall(text: string): boolean {
  return CALL.test(text.trim());
}

/**
 * The texts of the values that the right side of `key=...` lists: `1,2`, `choice(1,2)`,
 * `range(start,stop[,step])`, which leaves `stop` out, `glob(ad*)` among the values that the key can
 * have, and any of these in another order: `shuffle(...)`, `sort(...,reverse=true)`. One text means
 * the key is not swept.
 * @throws {ExpError} EXP_SWEEP for a range that is none, a pattern that matches nothing, and values
 *   that have no order.
 */
export function axisTexts(
  key: string,
  text: string,
  context: AxisContext = { choices: [], seed: 0 },
): string[] {
  const [, name, inside = text] = CALL.exec(text.trim()) ?? [];
  const parts = splitOutside(inside, ',').map((part) => part.trim());
  if (name === 'range') return rangeTexts(key, text, parts);
  if (name === 'glob') return globTexts(key, parts, context.choices);
  const listed = (values: readonly string[]): string[] => {
    const [only = ''] = values;
    return values.length === 1 && looksLikeAxisCall(only)
      ? axisTexts(key, only, context)
      : [...values];
  };
  if (name === 'shuffle') return shuffledTexts(key, listed(parts), context.seed);
  if (name !== 'sort') return parts;
  const values = listed(parts.filter((part) => !isNamed(part)));
  return sortedTexts(key, values, isReversed(key, parts.filter(isNamed)));
}

function isNamed(part: string): boolean {
  return /^[A-Za-z_]\w*\s*=/.test(part);
}

/** Reads what `sort` is told besides its values. */
function isReversed(key: string, named: readonly string[]): boolean {
  const [first, ...others] = named;
  if (first === undefined) return false;
  const [, value] = /^reverse\s*=\s*(true|false)$/.exec(first) ?? [];
  if (value !== undefined && others.length === 0) return value === 'true';
  throw new ExpError(
    'EXP_SWEEP',
    `The sweep over "${key}" sorts with ${named.map((one) => `"${one}"`).join(' and ')}. Write sort(a,b,reverse=true), and text with a "=" in quotes.`,
  );
}

import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Level } from '../core/swept.ts';

/** One point of a sweep: the values of the swept keys, by dotted path, in the order of the levels. */
export type Variant = Readonly<Record<string, unknown>>;

const MAX_VARIANTS = 1_000_000;

/**
 * The cross product of the levels; the last level varies fastest. No levels give one empty variant.
 * @throws {ExpError} EXP_SWEEP for an empty level, one with the same row twice, two with the same
 *   key, or far too many variants.
 */
export function crossLevels(levels: readonly Level[]): Variant[] {
  for (const level of levels) checkLevel(level);
  const keys = levels.flatMap((level) => level.keys);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) {
    throw new ExpError('EXP_SWEEP', `The sweep names "${twice}" twice. List its values once.`);
  }
  const count = levels.reduce((product, { rows }) => product * rows.length, 1);
  if (count > MAX_VARIANTS) {
    throw new ExpError('EXP_SWEEP', `The sweep has ${count} variants; at most ${MAX_VARIANTS}.`);
  }
  return levels.reduce<Variant[]>(
    (variants, level) => {
      const points = variantsOf(level);
      return variants.flatMap((variant) => points.map((point) => ({ ...variant, ...point })));
    },
    [{}],
  );
}

/** The rows of a level by key. */
export function variantsOf({ keys, rows }: Level): Variant[] {
  return rows.map((row) => Object.fromEntries(keys.map((key, i) => [key, row[i]])));
}

function checkLevel({ keys, rows }: Level): void {
  const name = keys.map((key) => `"${key}"`).join(', ');
  if (rows.length === 0) {
    throw new ExpError('EXP_SWEEP', `The sweep over ${name} lists no values.`);
  }
  const seen = new Set<string>();
  for (const row of rows) {
    const text = row.map(jsonLine).join(', ');
    if (seen.has(text)) {
      throw new ExpError('EXP_SWEEP', `The sweep over ${name} lists ${text} twice.`);
    }
    seen.add(text);
  }
}

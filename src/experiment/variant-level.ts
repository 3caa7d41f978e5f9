import { join } from 'node:path';
import { keyPath, pathText, type Path } from '../config/path.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { variantNames } from '../sweep/variant-names.ts';
import { crossLevels, variantsOf } from '../sweep/variants.ts';

/** Keys of a config that vary together: a variant takes one row of values, and its name. */
export class VariantLevel {
  /** Paths: `env.game`. */
  readonly keys: readonly string[];
  /** Rows, with one value for each key. */
  readonly values: readonly (readonly unknown[])[];
  /** Directories, one for each row. */
  readonly names: readonly string[];

  /**
   * @param keys as paths, or as lists of their parts.
   * @param names default: made of the values.
   * @throws {ExpError} EXP_SWEEP if there are no rows, one has not as many values as there are keys,
   *   or the names cannot name as many directories.
   */
  constructor(
    keys: readonly (string | readonly string[])[],
    values: readonly (readonly unknown[])[],
    names?: readonly string[],
  ) {
    this.keys = keys.map((key) => pathText(typeof key === 'string' ? keyPath(key) : key));
    this.values = values;
    this.names = names ?? variantNames(variantsOf({ keys: this.keys, rows: values }));
    check(this);
  }
}

function check({ keys, values, names }: VariantLevel): void {
  const problem = (text: string): ExpError =>
    new ExpError('EXP_SWEEP', `The level of ${keys.join(', ')} ${text}`);
  if (values.length === 0) throw problem('has no rows of values.');
  const odd = values.find((row) => row.length !== keys.length);
  if (odd !== undefined) {
    throw problem(`needs ${keys.length} values in each row, got ${jsonLine(odd)}.`);
  }
  if (names.length !== values.length) {
    throw problem(`has ${values.length} rows and ${names.length} names. Each row needs one.`);
  }
  const bad = names.find((name) => name.split(/[/\\]/).some((part) => /^\.{0,2}$/.test(part)));
  if (bad !== undefined) throw problem(`has the name "${bad}", which names no directory below.`);
}

/** What {@link makeVariants} makes: both lists have the same order. */
export interface MadeVariants {
  /** Nested config values to set. */
  readonly variants: readonly Record<string, unknown>[];
  /** A directory for each variant, relative, with a part for each level. */
  readonly logDirs: readonly string[];
}

/**
 * The cross product of the levels; the last level varies fastest. No levels give one empty variant
 * with the directory `''`.
 * @throws {ExpError} EXP_SWEEP if two variants have one directory, or two levels one key.
 */
export function makeVariants(...levels: readonly VariantLevel[]): MadeVariants {
  const variants = crossLevels(levels.map(({ keys, values }) => ({ keys, rows: values })));
  const dirs = levels.reduce<string[]>(
    (parents, { names }) => parents.flatMap((dir) => names.map((name) => join(dir, name))),
    [''],
  );
  const seen = new Map<string, string>();
  for (const dir of dirs) {
    // Some file systems take no notice of capitals.
    const other = seen.get(dir.toLowerCase());
    if (other !== undefined) {
      throw new ExpError(
        'EXP_SWEEP',
        `Names must be unique: "${other}" and "${dir}" are one directory, for two variants.`,
      );
    }
    seen.set(dir.toLowerCase(), dir);
  }
  const nested = variants.map((variant) =>
    nest(Object.entries(variant).map(([key, value]) => [keyPath(key), value])),
  );
  return { variants: nested, logDirs: dirs };
}

type Entry = readonly [path: Path, value: unknown];

/** Values by path as nested sections. */
function nest(entries: readonly Entry[], depth = 0): Record<string, unknown> {
  const names = [...new Set(entries.map(([path]) => path[depth]!))];
  return Object.fromEntries(
    names.map((name) => {
      const inside = entries.filter(([path]) => path[depth] === name);
      const own = inside.find(([path]) => path.length === depth + 1);
      const below = inside.find(([path]) => path.length > depth + 1);
      if (own === undefined) return [name, nest(inside, depth + 1)];
      if (below === undefined) return [name, own[1]];
      throw new ExpError(
        'EXP_SWEEP',
        `The levels set "${pathText(own[0])}" to ${jsonLine(own[1])}, and "${pathText(below[0])}" in it. Set one of them.`,
      );
    }),
  );
}

import type { OverrideText } from '../config/override.ts';
import { parseValue } from '../config/parse-value.ts';
import { isWithin, keyPath, pathText } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { jsonLine } from '../core/json.ts';
import type { Swept } from '../core/swept.ts';
import { isInterval, keysOf } from '../sweep/sample.ts';
import type { Variant } from '../sweep/variants.ts';
import { sweptSchema } from './read-axis.ts';
import type { Sweep } from './read-sweep.ts';

/**
 * A sweep without the keys that overrides set. Of a level, the other keys stay; an exclusion holds
 * on where it names the value that was set.
 */
export function pinSweep(
  { swept, exclude }: Sweep,
  fixed: readonly OverrideText[],
  described: JsonSchema,
): Sweep & { readonly notes: readonly string[] } {
  const keys = swept.flatMap(keysOf);
  const pinned = keys.filter((key) => fixed.some((override) => pins(override, key)));
  return {
    swept: swept.flatMap((one) => without(one, pinned)),
    exclude: exclude.flatMap((one) => pinPoint(one, pinned, fixed, described)),
    notes: pinned.map((key) => `${key} is not swept: an override sets it.`),
  };
}

/** True for an override that leaves nothing of what a sweep sets. */
export function pins({ path, operation }: OverrideText, key: string): boolean {
  const isWhole = operation === 'replace' || operation === 'unset';
  return pathText(path) === key || (isWhole && isWithin(keyPath(key), path));
}

function without(swept: Swept, pinned: readonly string[]): Swept[] {
  if (!keysOf(swept).some((key) => pinned.includes(key))) return [swept];
  if (isInterval(swept)) return [];
  const left = swept.keys.flatMap((key, i) => (pinned.includes(key) ? [] : [i]));
  if (left.length === 0) return [];
  // Rows that differed in the pinned key alone are one now.
  const rows = new Map(
    swept.rows.map((row) => {
      const values = left.map((i) => row[i]);
      return [jsonLine(values), values];
    }),
  );
  return [{ keys: left.map((i) => swept.keys[i]!), rows: [...rows.values()] }];
}

/** What is left of an exclusion; nothing if it is about another value. */
function pinPoint(
  point: Variant,
  pinned: readonly string[],
  fixed: readonly OverrideText[],
  described: JsonSchema,
): Variant[] {
  const [set, left] = [true, false].map((isPinned) =>
    Object.entries(point).filter(([key]) => pinned.includes(key) === isPinned),
  ) as [[string, unknown][], [string, unknown][]];
  const isSame = set.every(([key, value]) => {
    const override = fixed.find(({ path }) => pathText(path) === key);
    if (override === undefined || override.operation === 'unset') return false;
    if (override.value.startsWith('@')) return false;
    const schema = sweptSchema(key, described);
    return jsonLine(parseValue(key, override.value, schema)) === jsonLine(value);
  });
  return isSame ? [Object.fromEntries(left)] : [];
}

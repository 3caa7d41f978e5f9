import type { Assignment } from '../config/assignment.ts';
import type { OverrideText } from '../config/override.ts';
import { isWithin, parsePath, pathText } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { axisTexts } from '../sweep/axes.ts';
import { looksLikeInterval } from '../sweep/interval.ts';
import { levelOf } from '../sweep/levels.ts';
import { keysOf, type Swept } from '../sweep/sample.ts';
import type { Variant } from '../sweep/variants.ts';
import type { Definition } from './definition.ts';
import { readAxis } from './read-axis.ts';

/** What a sweep varies, and what it holds fixed. */
export interface ChosenAxes {
  readonly swept: readonly Swept[];
  readonly fixed: readonly OverrideText[];
  /** What the choice leaves out of the declared sweep, in sentences. */
  readonly notes: readonly string[];
}

/** True for an override that lists values, or draws them: `1,2`, `choice(1)`, `interval(0,1)`. */
export function isAxis({ operation, path, value }: OverrideText): boolean {
  if (operation === 'unset' || value.startsWith('@')) return false;
  if (/^(choice|range)\(.*\)$/s.test(value) || looksLikeInterval(value)) return true;
  return axisTexts(pathText(path), value).length !== 1;
}

/**
 * The axes on the command line or, where it has none, those the experiment declares. A key with one
 * value on the line is pinned.
 * @throws {ExpError} EXP_SWEEP if there is no axis, or a key is both swept and pinned.
 */
export function chooseAxes(
  definition: Definition,
  described: JsonSchema,
  overrides: readonly OverrideText[],
): ChosenAxes {
  const pinned = overrides.filter((override) => !isAxis(override));
  const written = overrides
    .filter(isAxis)
    .map((override) => readAxis(keyOf(override), override.value, described));
  const declared = Object.entries(definition.sweep).map(([key, values]) =>
    levelOf(pathText(parsePath(key) ?? [key]), values),
  );
  const isPinned = (key: string): boolean => pinned.some((override) => pins(override, key));
  const both = written.flatMap(keysOf).find(isPinned);
  if (both !== undefined) {
    throw new ExpError('EXP_SWEEP', `"${both}" is both swept and set to one value. Keep one.`);
  }
  if (written.length + declared.length === 0) {
    throw new ExpError(
      'EXP_SWEEP',
      `The experiment "${definition.name}" declares no sweep. Write one on the line: --sweep key=value,value.`,
    );
  }
  const fixed = pinned.map((override) => {
    const [value = ''] = axisTexts(keyOf(override), override.value);
    return { ...override, value };
  });
  if (written.length > 0) return { swept: written, fixed, notes: [] };
  return {
    swept: declared.filter(({ keys }) => !keys.some(isPinned)),
    fixed,
    notes: declared
      .flatMap(keysOf)
      .filter(isPinned)
      .map((key) => `${key} is not swept: the command line sets it.`),
  };
}

/** True for an override that leaves nothing of what a sweep sets. */
function pins({ path, operation }: OverrideText, key: string): boolean {
  const isWhole = operation === 'replace' || operation === 'unset';
  return pathText(path) === key || (isWhole && isWithin(parsePath(key) ?? [key], path));
}

function keyOf({ path }: OverrideText): string {
  return pathText(path);
}

/** The assignments that make the config of a variant; its seed is none. */
export function variantAssignments(variant: Variant): Assignment[] {
  return Object.entries(variant)
    .filter(([key]) => key !== 'seed')
    .map(([key, value]) => ({
      operation: 'put',
      path: parsePath(key) ?? [key],
      value,
      origin: { layer: 'variant', text: `${key}=${jsonLine(value)}` },
    }));
}

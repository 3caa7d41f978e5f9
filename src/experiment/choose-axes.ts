import {
  parseOverride,
  schemaAt,
  type Assignment,
  type OverrideText,
} from '../config/assignment.ts';
import { parseValue } from '../config/parse-value.ts';
import type { JsonSchema } from '../config/schema.ts';
import { ExpError } from '../core/errors.ts';
import { axisTexts, type Axis } from '../sweep/axes.ts';
import type { Variant } from '../sweep/variants.ts';
import type { Definition } from './definition.ts';

const SEED: JsonSchema = { type: 'integer', minimum: 0 };

/** What a sweep varies, and what it holds fixed. */
export interface ChosenAxes {
  readonly axes: readonly Axis[];
  readonly fixed: readonly Assignment[];
  /** What the choice leaves out of the declared sweep, in sentences. */
  readonly notes: readonly string[];
}

/** True for an override that lists values: `1,2`, `choice(1)`, `range(3)`. */
export function isAxis({ path, value }: OverrideText): boolean {
  return /^(choice|range)\(.*\)$/s.test(value) || axisTexts(path.join('.'), value).length !== 1;
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
  const written = overrides.filter(isAxis).map((override) => axisOf(override, described));
  const declared = Object.entries(definition.sweep).map(([key, values]) => ({ key, values }));
  const isPinned = ({ key }: Axis): boolean => pinned.some((override) => keyOf(override) === key);
  const both = written.find(isPinned);
  if (both !== undefined) {
    throw new ExpError('EXP_SWEEP', `"${both.key}" is both swept and set to one value. Keep one.`);
  }
  if (written.length + declared.length === 0) {
    throw new ExpError(
      'EXP_SWEEP',
      `The experiment "${definition.name}" declares no sweep. Write one on the line: --sweep key=value,value.`,
    );
  }
  const fixed = pinned.map((override) => {
    const [value = ''] = axisTexts(keyOf(override), override.value);
    return parseOverride({ ...override, value }, described);
  });
  if (written.length > 0) return { axes: written, fixed, notes: [] };
  return {
    axes: declared.filter((axis) => !isPinned(axis)),
    fixed,
    notes: declared
      .filter(isPinned)
      .map(({ key }) => `${key} is not swept: the command line sets it.`),
  };
}

function keyOf({ path }: OverrideText): string {
  return path.join('.');
}

function axisOf({ path, value }: OverrideText, described: JsonSchema): Axis {
  const key = path.join('.');
  const schema = key === 'seed' ? SEED : schemaAt(described, path);
  return { key, values: axisTexts(key, value).map((text) => parseValue(key, text, schema)) };
}

/** The assignments that make the config of a variant; its seed is none. */
export function variantAssignments(variant: Variant): Assignment[] {
  return Object.entries(variant)
    .filter(([key]) => key !== 'seed')
    .map(([key, value]) => ({ path: key.split('.'), value, origin: { layer: 'variant' } }));
}

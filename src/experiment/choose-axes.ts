import type { Assignment } from '../config/assignment.ts';
import type { OverrideText } from '../config/override.ts';
import { parseValue } from '../config/parse-value.ts';
import { parsePath, pathText } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { schemaAt } from '../config/unknown-key.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { axisTexts, type Axis } from '../sweep/axes.ts';
import type { Variant } from '../sweep/variants.ts';
import type { Definition } from './definition.ts';

const SEED: JsonSchema = { type: 'integer', minimum: 0 };

/** What a sweep varies, and what it holds fixed. */
export interface ChosenAxes {
  readonly axes: readonly Axis[];
  readonly fixed: readonly OverrideText[];
  /** What the choice leaves out of the declared sweep, in sentences. */
  readonly notes: readonly string[];
}

/** True for an override that lists values: `1,2`, `choice(1)`, `range(3)`. */
export function isAxis({ operation, path, value }: OverrideText): boolean {
  if (operation === 'unset' || value.startsWith('@')) return false;
  return /^(choice|range)\(.*\)$/s.test(value) || axisTexts(pathText(path), value).length !== 1;
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
    return { ...override, value };
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
  return pathText(path);
}

function axisOf({ path, value }: OverrideText, described: JsonSchema): Axis {
  const key = pathText(path);
  const schema = key === 'seed' ? SEED : schemaAt(described, path);
  return { key, values: axisTexts(key, value).map((text) => parseValue(key, text, schema)) };
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

import type { Assignment } from '../config/assignment.ts';
import type { OverrideText } from '../config/override.ts';
import { keyPath, pathText } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Swept } from '../core/swept.ts';
import { axisTexts, looksLikeAxisCall } from '../sweep/axes.ts';
import { looksLikeInterval } from '../sweep/interval.ts';
import { isInterval, keysOf } from '../sweep/sample.ts';
import type { Variant } from '../sweep/variants.ts';
import { readAxesFile, type AxesFile } from './axes-file.ts';
import type { Definition } from './definition.ts';
import { pins, pinSweep } from './pin-sweep.ts';
import { fitted, readAxis, sweptSchema } from './read-axis.ts';
import type { Sweep } from './read-sweep.ts';
import type { SweepRequest } from './requests.ts';

/** What a sweep varies, and what it holds fixed. */
export interface ChosenAxes extends Sweep {
  readonly repeats: number;
  readonly samples: number | undefined;
  readonly fixed: readonly OverrideText[];
  /** What the choice leaves out of the declared sweep, in sentences. */
  readonly notes: readonly string[];
}

/** True for an override that lists values, or draws them: `1,2`, `choice(1)`, `interval(0,1)`. */
export function isAxis({ operation, path, value }: OverrideText): boolean {
  if (operation === 'unset' || value.startsWith('@')) return false;
  if (looksLikeAxisCall(value) || looksLikeInterval(value)) return true;
  return axisTexts(pathText(path), value).length !== 1;
}

/**
 * The axes on the command line, crossed with those of an axes file or, where there is none of
 * either, those the experiment declares. A key with one value on the line is pinned.
 * @param seed the root seed, which decides the order of values that are shuffled.
 * @throws {ExpError} EXP_SWEEP if there is neither an axis nor a repeat, or a key is both swept and pinned; as
 *   {@link readAxesFile} does.
 */
export function chooseAxes(
  definition: Definition,
  described: JsonSchema,
  overrides: readonly OverrideText[],
  { axes: file, repeats: asked }: Pick<SweepRequest, 'axes' | 'repeats'> = {},
  seed = 0,
): ChosenAxes {
  const pinned = overrides.filter((override) => !isAxis(override));
  const written = overrides
    .filter(isAxis)
    .map((override) => readAxis(keyOf(override), override.value, described, seed));
  const both = written.flatMap(keysOf).find((key) => pinned.some((one) => pins(one, key)));
  if (both !== undefined) {
    throw new ExpError('EXP_SWEEP', `"${both}" is both swept and set to one value. Keep one.`);
  }
  const fixed = fixedOnes(overrides);
  const base: AxesFile =
    file !== undefined
      ? readAxesFile(file, described, seed)
      : written.length > 0
        ? { swept: [], exclude: [] }
        : definition.sweep;
  const { repeats = definition.repeats, samples = definition.samples } = base;
  if (written.length + base.swept.length === 0 && (asked ?? repeats) === 1) {
    throw new ExpError(
      'EXP_SWEEP',
      `The experiment "${definition.name}" declares no sweep. Write one on the line: --sweep key=value,value, or run it several times: --repeats 5.`,
    );
  }
  const { swept, exclude, notes } = pinSweep(base, fixed, described);
  const fit = (one: Swept): Swept =>
    isInterval(one) ? fitted(one, sweptSchema(one.key, described)) : one;
  const levels = [...swept.map(fit), ...written];
  return { swept: levels, exclude, fixed, notes, repeats: asked ?? repeats, samples };
}

/** The overrides that give their keys one value for the whole sweep. */
export function fixedOnes(overrides: readonly OverrideText[]): OverrideText[] {
  return overrides
    .filter((override) => !isAxis(override))
    .map((override) => {
      const [value = ''] = axisTexts(keyOf(override), override.value);
      return { ...override, value };
    });
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
      path: keyPath(key),
      value,
      origin: { layer: 'variant', text: `${key}=${jsonLine(value)}` },
    }));
}

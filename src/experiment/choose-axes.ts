import type { Assignment } from '../config/assignment.ts';
import type { OverrideText } from '../config/override.ts';
import { keyPath, pathText } from '../config/path.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import { axisTexts } from '../sweep/axes.ts';
import { looksLikeInterval } from '../sweep/interval.ts';
import { isInterval, keysOf, type Swept } from '../sweep/sample.ts';
import type { Variant } from '../sweep/variants.ts';
import { readAxesFile, type AxesFile } from './axes-file.ts';
import type { Definition } from './definition.ts';
import { pins, pinSweep } from './pin-sweep.ts';
import { fitted, readAxis, sweptSchema } from './read-axis.ts';
import { readSweep, type Sweep } from './read-sweep.ts';
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
  if (/^(choice|range)\(.*\)$/s.test(value) || looksLikeInterval(value)) return true;
  return axisTexts(pathText(path), value).length !== 1;
}

/**
 * The axes on the command line, crossed with those of an axes file or, where there is none of
 * either, those the experiment declares. A key with one value on the line is pinned.
 * @throws {ExpError} EXP_SWEEP if there is no axis, or a key is both swept and pinned; as
 *   {@link readAxesFile} does.
 */
export function chooseAxes(
  definition: Definition,
  described: JsonSchema,
  overrides: readonly OverrideText[],
  { axes: file, sweep }: Pick<SweepRequest, 'axes' | 'sweep'> = {},
): ChosenAxes {
  const pinned = overrides.filter((override) => !isAxis(override));
  const written = overrides
    .filter(isAxis)
    .map((override) => readAxis(keyOf(override), override.value, described));
  const both = written.flatMap(keysOf).find((key) => pinned.some((one) => pins(one, key)));
  if (both !== undefined) {
    throw new ExpError('EXP_SWEEP', `"${both}" is both swept and set to one value. Keep one.`);
  }
  const fixed = pinned.map((override) => {
    const [value = ''] = axisTexts(keyOf(override), override.value);
    return { ...override, value };
  });
  const base: AxesFile =
    file !== undefined
      ? readAxesFile(file, described)
      : sweep !== undefined
        ? readSweep(sweep)
        : written.length > 0
          ? { swept: [], exclude: [] }
          : definition.sweep;
  // No levels at all make one variant, which may be all that code wants.
  const isNothing = Array.isArray(sweep?.levels) && sweep.levels.length === 0;
  if (written.length + base.swept.length === 0 && !isNothing) {
    throw new ExpError(
      'EXP_SWEEP',
      `The experiment "${definition.name}" declares no sweep. Write one on the line: --sweep key=value,value.`,
    );
  }
  const { swept, exclude, notes } = pinSweep(base, fixed, described);
  const { repeats = definition.repeats, samples = definition.samples } = base;
  const fit = (one: Swept): Swept =>
    isInterval(one) ? fitted(one, sweptSchema(one.key, described)) : one;
  return { swept: [...swept.map(fit), ...written], exclude, fixed, notes, repeats, samples };
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

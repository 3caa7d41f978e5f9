import { ExpError } from '../core/errors.ts';
import { jsonLine } from '../core/json.ts';
import type { Axis } from './axes.ts';

/** One point of a sweep: the values of the swept keys, by dotted path, in the order of the axes. */
export type Variant = Readonly<Record<string, unknown>>;

/**
 * The cross product of the axes; the last axis varies fastest. No axes give one empty variant.
 * @throws {ExpError} EXP_SWEEP for an empty axis, one that lists a value twice, or two of one key.
 */
export function makeVariants(axes: readonly Axis[]): Variant[] {
  for (const axis of axes) checkAxis(axis);
  const keys = axes.map((axis) => axis.key);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) {
    throw new ExpError('EXP_SWEEP', `The sweep names "${twice}" twice. List its values once.`);
  }
  return axes.reduce<Variant[]>(
    (variants, axis) =>
      variants.flatMap((variant) =>
        axis.values.map((value) => ({ ...variant, [axis.key]: value })),
      ),
    [{}],
  );
}

function checkAxis({ key, values }: Axis): void {
  if (values.length === 0) {
    throw new ExpError('EXP_SWEEP', `The sweep over "${key}" lists no values.`);
  }
  const seen = new Set<string>();
  for (const value of values) {
    const text = jsonLine(value);
    if (seen.has(text)) {
      throw new ExpError('EXP_SWEEP', `The sweep over "${key}" lists ${text} twice.`);
    }
    seen.add(text);
  }
}

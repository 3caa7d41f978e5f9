import { ExpError } from '../core/errors.ts';
import type { Axis } from './axes.ts';

/** One point of a sweep: the values of the swept keys, by dotted path, in the order of the axes. */
export type Variant = Readonly<Record<string, unknown>>;

/**
 * The cross product of the axes; the last axis varies fastest. No axes give one empty variant.
 * @throws {ExpError} EXP_SWEEP for an empty axis, or one that lists a value twice.
 */
export function makeVariants(axes: readonly Axis[]): Variant[] {
  for (const axis of axes) checkAxis(axis);
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
    const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
    if (seen.has(text)) {
      throw new ExpError('EXP_SWEEP', `The sweep over "${key}" lists ${text} twice.`);
    }
    seen.add(text);
  }
}

import { ExpError } from '../core/errors.ts';
import type { Histogram } from '../core/media.ts';
import { flatten, isTypedArray, shown, type NestedNumbers, type TypedArray } from './numbers.ts';
import { isTensor, valuesOf, type Tensor } from './tensor.ts';

/** Numbers in any container that has them: their order does not matter. */
export type HistogramValues = TypedArray | BigInt64Array | BigUint64Array | NestedNumbers | Tensor;

/** How values are counted. */
export interface HistogramOptions {
  /** How many buckets of one width there are between the least and the greatest value; 30 unless given. */
  readonly buckets?: number;
}

/**
 * Counts values in buckets of one width. NaN and infinities are left out of all figures but
 * `notFinite`; without any other value, the histogram is empty: count 0, no buckets.
 * @throws {ExpError} EXP_LOG for what is no number, and for a bad number of buckets.
 */
export function makeHistogram(
  tag: string,
  values: HistogramValues,
  options: HistogramOptions = {},
): Histogram {
  const { buckets = 30 } = options;
  if (!Number.isInteger(buckets) || buckets < 1 || buckets > 10_000) {
    throw new ExpError(
      'EXP_LOG',
      `The histogram "${tag}" takes 1 to 10000 buckets, got ${shown(buckets)}.`,
    );
  }
  const numbers = numbersOf(tag, values);
  const moments = momentsOf(numbers);
  const { min, max, count } = moments;
  const shape = { kind: 'histogram', ...moments, notFinite: numbers.length - count } as const;
  if (count === 0) return { ...shape, min: 0, max: 0, limits: [], counts: [] };
  if (min === max) return { ...shape, limits: [max], counts: [count] };
  return { ...shape, ...countInto(buckets, numbers, min, max) };
}

function numbersOf(tag: string, values: HistogramValues): ArrayLike<number> {
  if (isTypedArray(values)) return values;
  if (isTensor(values)) return valuesOf(tag, values);
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return Float64Array.from(values as Iterable<bigint>, Number);
  }
  const refuse = (found: unknown): never => {
    throw new ExpError(
      'EXP_LOG',
      `The histogram "${tag}" must be given numbers, in an array or typed array, got ${shown(found)}.`,
    );
  };
  return Array.isArray(values) ? flatten(values, refuse) : refuse(values);
}

type Moments = Pick<Histogram, 'min' | 'max' | 'count' | 'sum' | 'sumOfSquares'>;

function momentsOf(values: ArrayLike<number>): Moments {
  let [min, max, count, sum, sumOfSquares] = [Infinity, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    count++;
    sum += value;
    sumOfSquares += value * value;
  }
  return { min, max, count, sum, sumOfSquares };
}

function countInto(
  buckets: number,
  values: ArrayLike<number>,
  min: number,
  max: number,
): Pick<Histogram, 'limits' | 'counts'> {
  const bucketOf = placing(buckets, min, max);
  const counts = new Float64Array(buckets);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) counts[Math.min(bucketOf(value), buckets - 1)]!++;
  }
  let limit = min;
  const limits = Array.from({ length: buckets }, (_, i) => {
    const share = (i + 1) / buckets;
    // Rounding may put one of the smallest doubles beyond the next.
    const between = Math.max(limit, min * (1 - share) + max * share);
    return (limit = i === buckets - 1 ? max : Math.min(max, between));
  });
  return { limits, counts: [...counts] };
}

/** A function that says in which bucket a value lies; one beyond the last for the greatest. */
function placing(buckets: number, min: number, max: number): (value: number) => number {
  const perUnit = buckets / (max - min);
  if (Number.isFinite(perUnit) && perUnit > 0)
    return (value) => Math.floor((value - min) * perUnit);
  // The range is too great for a double, or too small to be divided by: scaled, it is neither.
  const scale = max - min > 1 ? 0.5 : 2 ** 60;
  const span = max * scale - min * scale;
  return (value) => Math.floor(((value * scale - min * scale) / span) * buckets);
}

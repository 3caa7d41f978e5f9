/** What {@link describe} says of some values; without values there is nothing to say but that. */
export interface Description {
  /** How many values there are, NaN left out. */
  readonly count: number;
  /** How many NaN were left out. */
  readonly nans: number;
  readonly mean?: number;
  /** Standard deviation; absent when there are no more values than `ddof`. */
  readonly std?: number;
  readonly min?: number;
  readonly max?: number;
  readonly median?: number;
}

/**
 * Describes how values are distributed. NaN are counted apart and take no part.
 * @param ddof what is taken from the count in the divisor of the variance: 0 for the standard
 *   deviation of these values, 1 for that of the population they are a sample of.
 */
export function describe(values: Iterable<number>, ddof = 0): Description {
  const all = Float64Array.from(values);
  const some = all.filter((value) => !Number.isNaN(value)).sort();
  const count = some.length;
  const nans = all.length - count;
  if (count === 0) return { count, nans };
  // Summed in order of size, the same values have the same mean however they are ordered.
  const mean = some.reduce((sum, value) => sum + value, 0) / count;
  const squares = some.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const middle = count >> 1;
  return {
    count,
    nans,
    mean,
    ...(count > ddof && { std: Math.sqrt(squares / (count - ddof)) }),
    min: some[0]!,
    max: some[count - 1]!,
    median: count % 2 === 1 ? some[middle]! : middleOf(some[middle - 1]!, some[middle]!),
  };
}

// Opposite infinities have no middle: NaN, as the mean. Huge values must not overflow on the way.
function middleOf(low: number, high: number): number {
  return low === high ? low : low / 2 + high / 2;
}

import { ExpError } from '../core/errors.ts';
import type { Interval, Level, Swept } from '../core/swept.ts';
import { deriveSeed } from '../random/derive-seed.ts';
import { Rng } from '../random/rng.ts';
import { drawFrom, intervalText } from './interval.ts';

const DRAWS_PER_POINT = 1000;

/** True for an interval. */
export function isInterval(swept: Swept): swept is Interval {
  return 'low' in swept;
}

/** The keys that are swept. */
export function keysOf(swept: Swept): readonly string[] {
  return isInterval(swept) ? [swept.key] : swept.keys;
}

/**
 * The levels of a sweep in which all intervals together became one of `samples` random points, in
 * the place of the first. More points from the same seed begin with the same ones, and the values of
 * one key do not depend on what other keys there are.
 * @throws {ExpError} EXP_SWEEP for an interval without a number of points, or too few points in it.
 */
export function withSamples(
  swept: readonly Swept[],
  samples: number | undefined,
  seed: number,
): Level[] {
  const intervals = swept.filter(isInterval);
  const [first] = intervals;
  if (first === undefined) return swept.filter((one): one is Level => !isInterval(one));
  if (samples === undefined) {
    throw new ExpError(
      'EXP_SWEEP',
      `"${first.key}=${intervalText(first)}" is an interval. Say how many random points to try: --samples 20.`,
    );
  }
  const points = { keys: intervals.map(({ key }) => key), rows: draw(intervals, samples, seed) };
  return swept.flatMap((one) => (isInterval(one) ? (one === first ? [points] : []) : [one]));
}

function draw(intervals: readonly Interval[], samples: number, seed: number): number[][] {
  const rngs = intervals.map(({ key }) => new Rng(deriveSeed(seed, ['samples', key])));
  const rows = new Map<string, number[]>();
  for (let left = samples * DRAWS_PER_POINT; rows.size < samples; left--) {
    if (left === 0) {
      const shown = intervals.map((one) => `${one.key}=${intervalText(one)}`).join(' ');
      throw new ExpError(
        'EXP_SWEEP',
        `Found only ${rows.size} different points in ${shown}, not ${samples}. Ask for fewer with --samples.`,
      );
    }
    const row = intervals.map((interval, i) => drawFrom(interval, rngs[i]!));
    rows.set(row.join(), row);
  }
  return [...rows.values()];
}

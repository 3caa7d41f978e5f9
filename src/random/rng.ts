import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { setBrand } from '../core/brand.ts';

/** A seeded random generator (xoroshiro128+): the same seed gives the same numbers on every machine. */
export class Rng {
  readonly seed: number;
  #generator: RandomGenerator;

  /** @param seed any integer; its lowest 32 bits count. */
  constructor(seed: number) {
    this.seed = seed;
    this.#generator = xoroshiro128plusFromState(spread(seed));
  }

  /** A number in [low, high), by default in [0, 1). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  /** A normally distributed number (Box and Muller, 1958). */
  normal(mean = 0, std = 1): number {
    // 1 - u lies in (0, 1], where the logarithm is finite
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return mean + std * radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer in [low, high). */
  integer(low: number, high: number): number {
    if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || low >= high) {
      throw new RangeError(
        `integer() needs whole numbers low < high; got low ${low} and high ${high}.`,
      );
    }
    return uniformInt(this.#generator, low, high - 1);
  }

  /** `count` integers in [low, high). */
  integers(low: number, high: number, count: number): number[] {
    return Array.from({ length: count }, () => this.integer(low, high));
  }

  /** One of the items, each as likely. */
  choice<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('choice() needs at least one item; got [].');
    return items[this.integer(0, items.length)] as T;
  }

  /** A shuffled copy (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = this.integer(0, i + 1);
      [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
    }
    return shuffled;
  }

  /** Where the generator stands: numbers for {@link Rng.restore}, whichever draws come next. */
  state(): readonly number[] {
    return [...this.#generator.getState()];
  }

  /**
   * Goes on where a generator stood when it told its {@link Rng.state}.
   * @throws RangeError for what is no such state.
   */
  restore(state: readonly number[]): void {
    const isState = state.length === 4 && state.every((word) => word === (word | 0));
    // all zeros is the one state that the generator never leaves
    if (!isState || state.every((word) => word === 0)) {
      throw new RangeError(
        `A generator is restored from the four whole numbers of state(); got [${state.join(', ')}].`,
      );
    }
    this.#generator = xoroshiro128plusFromState(state);
  }
}
setBrand(Rng, 'Rng');

/**
 * The state a seed begins with, mixed by SplitMix32: taken as it is, small seeds would all give
 * nearly the same first number.
 */
function spread(seed: number): number[] {
  let state = seed | 0;
  return Array.from({ length: 4 }, () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  });
}

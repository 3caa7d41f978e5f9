/** Runs of one variant. */
interface Variant {
  waiting: number;
  ended: number;
  endedMs: number;
}

/** A run under way, and how long it has been. */
interface RunningRun {
  readonly variant: number;
  readonly ms: number;
}

/** How many ends of a variant the mean of all runs weighs as much as. */
const PRIOR = 0.5;

/**
 * How long runs take, learned from those that have ended: repeats of a variant take about as long as
 * each other, a variant that is new as long as the others do. Every question and every change is
 * constant work, however many runs there are.
 */
export class Durations {
  readonly #variants = new Map<number, Variant>();
  #waiting = 0;
  #ended = 0;
  #endedMs = 0;
  // Sums over variants, of what their waiting runs are expected to take: own + others × mean.
  #own = 0;
  #others = 0;

  get waiting(): number {
    return this.#waiting;
  }

  /** Adds runs of a variant to those that have not started, or takes them off. */
  wait(variant: number, count: number): void {
    this.#waiting += count;
    this.#change(variant, (state) => (state.waiting += count));
  }

  /** Learns from a run that has ended; `sign` -1 takes back what was learned from it. */
  learn(variant: number, ms: number, sign: 1 | -1 = 1): void {
    this.#ended += sign;
    this.#endedMs += sign * ms;
    this.#change(variant, (state) => {
      state.ended += sign;
      state.endedMs += sign * ms;
    });
  }

  /**
   * What a run takes on average, in milliseconds; `undefined` before the first end. Runs under way
   * that have taken longer already count as if they ended now: short runs end first, and a mean of
   * those alone would promise too much.
   */
  mean(runningMs: readonly number[]): number | undefined {
    if (this.#ended <= 0) return undefined;
    const mean = this.#endedMs / this.#ended;
    const longer = runningMs.filter((ms) => ms > mean);
    const sum = longer.reduce((total, ms) => total + ms, this.#endedMs);
    return sum / (this.#ended + longer.length);
  }

  /** What a run of a variant takes, where all runs take `mean` on average. */
  expected(variant: number, mean: number): number {
    const { ended = 0, endedMs = 0 } = this.#variants.get(variant) ?? {};
    return (endedMs + PRIOR * mean) / (ended + PRIOR);
  }

  /**
   * What the runs that have not started take altogether, where all take `mean` on average. Of a run
   * under way that has taken longer than expected, the repeats to come will take longer, too.
   */
  waitingMs(mean: number, running: readonly RunningRun[]): number {
    if (this.#waiting === 0) return 0;
    let sum = this.#own + this.#others * mean;
    for (const { variant, ms } of running) {
      const { waiting = 0, ended = 0 } = this.#variants.get(variant) ?? {};
      const beyond = ms - this.expected(variant, mean);
      if (beyond > 0) sum += (waiting * beyond) / (ended + PRIOR + 1);
    }
    // Sums of differences may end a hair below zero.
    return Math.max(0, sum);
  }

  #change(index: number, edit: (variant: Variant) => void): void {
    const variant = this.#variants.get(index) ?? { waiting: 0, ended: 0, endedMs: 0 };
    this.#variants.set(index, variant);
    this.#add(variant, -1);
    edit(variant);
    this.#add(variant, 1);
  }

  #add({ waiting, ended, endedMs }: Variant, sign: 1 | -1): void {
    this.#own += (sign * waiting * endedMs) / (ended + PRIOR);
    this.#others += (sign * PRIOR * waiting) / (ended + PRIOR);
  }
}

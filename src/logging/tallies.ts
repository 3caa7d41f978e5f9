import type { KeyOptions } from '../core/record.ts';
import type { RowTarget } from '../core/run-context.ts';
import { mean as meanOf } from '../stats/moments.ts';

/** Takes one value of the row that is about to be written. */
type Put = (tag: string, value: number, options?: KeyOptions) => void;

interface Mean {
  sum: number;
  count: number;
  window: number | undefined;
  options: KeyOptions | undefined;
}

/** What adds up from one row to the next: means, seconds and counts. */
export class Tallies {
  readonly #rows: RowTarget;
  readonly #means = new Map<string, Mean>();
  readonly #seconds = new Map<string, number>();
  readonly #counts = new Map<string, number>();
  /** When the last row was written, or the first value came, in seconds of work. */
  #since: number;

  constructor(rows: RowTarget) {
    this.#rows = rows;
    this.#since = rows.elapsed;
  }

  get isEmpty(): boolean {
    return this.#means.size === 0 && this.#seconds.size === 0 && this.#counts.size === 0;
  }

  /** Adds a value to a mean: of this row or, with `window`, of the newest values of the run. */
  mean(tag: string, value: number, window?: number, options?: KeyOptions): void {
    let mean = this.#means.get(tag);
    if (mean === undefined) this.#means.set(tag, (mean = { sum: 0, count: 0, window, options }));
    mean.window = window;
    mean.options = options;
    if (Number.isNaN(value)) return;
    mean.sum += value;
    mean.count++;
    if (window === undefined) return;
    const values = (this.#rows.memory.windows[tag] ??= []);
    values.push(value);
    if (values.length > window) values.splice(0, values.length - window);
  }

  /** Adds the seconds that a call took. */
  time(tag: string, seconds: number): void {
    this.#seconds.set(tag, (this.#seconds.get(tag) ?? 0) + seconds);
    this.#add(`${tag}/total`, seconds);
  }

  count(tag: string, amount: number): void {
    this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + amount);
    this.#add(tag, amount);
  }

  /** Hands over what belongs into the row that is written now, and starts the next one. */
  emit(put: Put): void {
    const { windows, totals } = this.#rows.memory;
    const now = this.#rows.elapsed;
    const passed = now - this.#since;
    this.#since = now;
    for (const [tag, { sum, count, window, options }] of this.#means) {
      if (window === undefined) put(tag, count === 0 ? Number.NaN : sum / count, options);
      else if (windows[tag]?.length === window) put(tag, meanOf(windows[tag]), options);
    }
    for (const [tag, seconds] of this.#seconds) {
      put(tag, wholeNanoseconds(seconds));
      put(`${tag}/total`, wholeNanoseconds(totals[`${tag}/total`]!));
      if (passed > 0) put(`${tag}/share`, seconds / passed);
    }
    for (const [tag, amount] of this.#counts) {
      put(tag, totals[tag]!);
      if (passed > 0) put(`${tag}/per_second`, amount / passed);
    }
    this.#means.clear();
    this.#seconds.clear();
    this.#counts.clear();
  }

  #add(tag: string, amount: number): void {
    const { totals } = this.#rows.memory;
    totals[tag] = (totals[tag] ?? 0) + amount;
  }
}

// The clock knows no more, and sums would show digits that mean nothing.
function wholeNanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}

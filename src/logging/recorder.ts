import { ExpError } from '../core/errors.ts';
import type { Media } from '../core/media.ts';
import type { Metrics, RowOptions, Value } from '../core/record.ts';
import type { PendingRow, RowTarget } from '../core/run-context.ts';
import { checkTag, joinTag } from '../core/tag.ts';
import type { FanOut } from './fan-out.ts';

type OnRow = (step: number, tags: readonly string[], values: readonly Value[]) => void;

/** Numbers the rows of one run, stamps them and keeps the last value of every tag. */
export class Recorder implements RowTarget {
  readonly #fanOut: FanOut;
  readonly #clock: () => number;
  readonly #onRow: OnRow;
  readonly #pending = new Set<PendingRow>();
  /** Joined and checked tags by prefix and name: a loop logs the same few for ever. */
  readonly #tags = new Map<string, Map<string, string>>();
  readonly #summary: Record<string, Value> = Object.create(null) as Record<string, Value>;
  #step = -1;
  #closed = false;

  /**
   * @param clock seconds of work in this run so far.
   * @param onRow called with every row, once it is on its way; what it throws comes out of the log call.
   */
  constructor(fanOut: FanOut, clock: () => number, onRow: OnRow) {
    this.#fanOut = fanOut;
    this.#clock = clock;
    this.#onRow = onRow;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The step of the last row; -1 before the first. */
  get step(): number {
    return this.#step;
  }

  /** The last value of every tag. */
  get summary(): Readonly<Record<string, Value>> {
    return this.#summary;
  }

  log(prefix: string, metrics: Metrics, options?: RowOptions): void {
    const tags: string[] = [];
    const values: Value[] = [];
    for (const name in metrics) {
      const value = metrics[name];
      if (value === undefined || value === null) continue;
      checkValue(name, value);
      tags.push(this.#tag(prefix, name));
      values.push(value);
    }
    this.write(tags, values, options);
  }

  write(tags: readonly string[], values: readonly Value[], options?: RowOptions): number {
    const step = options?.step ?? this.#step + 1;
    checkStep(step);
    this.#step = step;
    let hasNewTag = false;
    for (let i = 0; i < tags.length; i++) {
      if (this.#summary[tags[i]!] === undefined) hasNewTag = true;
      this.#summary[tags[i]!] = values[i]!;
    }
    const elapsed = this.#clock();
    this.#fanOut.push({ step, wallTime: Date.now() / 1000, elapsed, tags, values }, hasNewTag);
    this.#onRow(step, tags, values);
    return step;
  }

  /**
   * Writes a row that is none of the run's own: it has the last step and does not count as one, and
   * its values are in no summary.
   */
  writeAside(tags: readonly string[], values: readonly Value[]): void {
    const step = Math.max(this.#step, 0);
    const wallTime = Date.now() / 1000;
    this.#fanOut.push({ step, wallTime, elapsed: this.#clock(), tags, values });
  }

  media(tag: string, media: Media, options?: RowOptions): void {
    const step = options?.step ?? Math.max(this.#step, 0);
    checkStep(step);
    checkTag(tag);
    this.#fanOut.pushMedia({
      tag,
      step,
      wallTime: Date.now() / 1000,
      elapsed: this.#clock(),
      media,
    });
  }

  track(pending: PendingRow): void {
    this.#pending.add(pending);
  }

  untrack(pending: PendingRow): void {
    this.#pending.delete(pending);
  }

  /** Closes the rows still under construction; rows that come later are refused by the logger. */
  close(): void {
    for (const pending of this.#pending) pending.dump();
    this.#closed = true;
  }

  #tag(prefix: string, name: string): string {
    let names = this.#tags.get(prefix);
    if (names === undefined) this.#tags.set(prefix, (names = new Map()));
    let tag = names.get(name);
    if (tag === undefined) {
      tag = joinTag(prefix, name);
      checkTag(tag);
      names.set(name, tag);
    }
    return tag;
  }
}

function checkStep(step: number): void {
  if (Number.isSafeInteger(step)) return;
  throw new ExpError('EXP_LOG', `A step must be a whole number, got ${step}.`);
}

/**
 * Refuses what is no value of a metric: objects, functions, symbols.
 * @throws {ExpError} EXP_LOG
 */
export function checkValue(name: string, value: unknown): asserts value is Value {
  const type = typeof value;
  if (type === 'number' || type === 'string' || type === 'boolean' || type === 'bigint') return;
  if (value instanceof Date) return;
  throw new ExpError(
    'EXP_LOG',
    `The metric "${name}" must be a number, boolean, text or date, got ${
      value === null ? 'null' : type
    }. Log its parts one by one.`,
  );
}

import { messageOf } from '../core/errors.ts';
import type { Media } from '../core/media.ts';
import type { KeyOptions, LogOptions, Metrics, RowOptions, Value } from '../core/record.ts';
import type { PendingRow, RowState, RowTarget, WriteOptions } from '../core/run-context.ts';
import { checkTag, joinTag } from '../core/tag.ts';
import { checkMetrics, checkValue } from './check-value.ts';
import type { FanOut } from './fan-out.ts';
import { applyRules, checkKeyOptions, misspeltSinks, ruleFor } from './key-rules.ts';
import { checkStep, stepFrom } from './step.ts';
import { warnOnce } from './text.ts';

/** What the rows of a run carry on, but for the step. */
type Memory = Omit<RowState, 'step'>;

/** Called with every row. */
export type OnRow = (step: number, tags: readonly string[], values: readonly Value[]) => void;

/** Numbers the rows of one run, stamps them and keeps the last value of every tag. */
export class Recorder implements RowTarget {
  readonly #fanOut: FanOut;
  readonly #clock: () => number;
  readonly #onRow: OnRow;
  readonly #pending = new Set<PendingRow>();
  /** Joined and checked tags by prefix and name: a loop logs the same few for ever. */
  readonly #tags = new Map<string, Map<string, string>>();
  readonly #summary: Record<string, Value> = Object.create(null) as Record<string, Value>;
  readonly #stepMetric: string | undefined;
  /** Tags that some sinks do not get, and whose sinks were looked at. */
  readonly #excluded = new Set<string>();
  #memory: Memory = emptyMemory();
  /** Shared by rows in a row that have the same. */
  #lastTags: readonly string[] = [];
  #step = -1;
  #closed = false;
  /** What is wrong with a row that comes now, if anything is. */
  #refusal: (() => Error) | undefined;

  /**
   * @param clock seconds of work in this run so far.
   * @param onRow called with every row, once it is on its way; what it throws comes out of the log call.
   * @param stepMetric the tag whose value is the step of a row that has it.
   */
  constructor(fanOut: FanOut, clock: () => number, onRow: OnRow, stepMetric?: string) {
    this.#fanOut = fanOut;
    this.#clock = clock;
    this.#onRow = onRow;
    this.#stepMetric = stepMetric;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The step of the last row; -1 before the first. */
  get step(): number {
    return this.#step;
  }

  get elapsed(): number {
    return this.#clock();
  }

  /** @see RowTarget.memory */
  get memory(): Memory {
    return this.#memory;
  }

  /** Makes rows and media throw, until it is called without; those of the machine are taken. */
  refuse(refusal: (() => Error) | undefined): void {
    this.#refusal = refusal;
  }

  /** The last value of every tag as an earlier attempt had it, and its last step. */
  goOn(step: number, summary: Readonly<Record<string, Value>> = {}): void {
    this.#step = step;
    Object.assign(this.#summary, summary);
  }

  /** What the next rows build on, for a checkpoint: take it between two rows. */
  state(): RowState {
    return { step: this.#step, ...structuredClone(this.#memory) };
  }

  /** Goes on from what {@link state} gave, in this run or a later attempt. */
  restore({ step, ...memory }: RowState): void {
    this.#step = step;
    const empty = emptyMemory();
    this.#memory = {
      lastSteps: Object.assign(empty.lastSteps, memory.lastSteps),
      windows: Object.assign(empty.windows, structuredClone(memory.windows)),
      totals: Object.assign(empty.totals, memory.totals),
    };
  }

  /** The last value of every tag. */
  get summary(): Readonly<Record<string, Value>> {
    return this.#summary;
  }

  log(prefix: string, metrics: Metrics, options?: LogOptions): void {
    checkMetrics(metrics);
    const tags: string[] = [];
    const values: Value[] = [];
    const known = this.#tagsBelow(prefix);
    for (const name in metrics) {
      const value = metrics[name];
      if (value === undefined || value === null) continue;
      checkValue(name, value);
      tags.push(known.get(name) ?? this.#tag(prefix, name));
      values.push(value);
    }
    if (options === undefined || (options.every ?? options.exclude) === undefined) {
      this.write(tags, values, options);
    } else {
      this.write(tags, values, { ...options, keys: this.#rules(prefix, metrics, options) });
    }
  }

  write(tags: readonly string[], values: readonly Value[], options?: WriteOptions): number {
    if (this.#refusal !== undefined) throw this.#refusal();
    const step =
      this.#stepMetric === undefined
        ? (options?.step ?? this.#step + 1)
        : stepFrom(this.#stepMetric, { tags, values }, options?.step, this.#step);
    checkStep(step);
    this.#step = step;
    if (options?.keys !== undefined) {
      const kept = applyRules(tags, values, options.keys, step, this.#memory.lastSteps);
      if (kept.tags.length > 0) this.#push(step, kept.tags, kept.values, kept.except);
      if (kept.except !== undefined) this.#lookFor(kept.except);
    } else {
      this.#push(step, tags, values);
    }
    this.#onRow(step, tags, values);
    return step;
  }

  #push(
    step: number,
    tags: readonly string[],
    values: readonly Value[],
    except?: ReadonlyMap<string, readonly string[]>,
  ): void {
    const isSame = sameItems(tags, this.#lastTags);
    if (!isSame) this.#lastTags = tags;
    const hasNewTag = !isSame && tags.some((tag) => this.#summary[tag] === undefined);
    for (let i = 0; i < tags.length; i++) this.#summary[tags[i]!] = values[i]!;
    const elapsed = this.#clock();
    const row = { step, wallTime: Date.now() / 1000, elapsed, tags: this.#lastTags, values };
    this.#fanOut.push(except === undefined ? row : { ...row, except }, hasNewTag);
  }

  /** Says, once for every tag, that sinks it is kept from seem to be misspelt. */
  #lookFor(except: ReadonlyMap<string, readonly string[]>): void {
    const fresh = new Map([...except].filter(([tag]) => !this.#excluded.has(tag)));
    if (fresh.size === 0) return;
    for (const tag of fresh.keys()) this.#excluded.add(tag);
    for (const text of misspeltSinks(fresh, this.#fanOut.sinks)) warnOnce(text);
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

  #rules(prefix: string, metrics: Metrics, options: LogOptions): Map<string, KeyOptions> {
    const rules = new Map<string, KeyOptions>();
    for (const name in metrics) {
      const rule = ruleFor(name, options);
      checkKeyOptions(name, rule);
      rules.set(this.#tag(prefix, name), rule);
    }
    return rules;
  }

  media(tag: string, media: Media, options?: RowOptions): void {
    if (this.#refusal !== undefined) throw this.#refusal();
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
    for (const pending of this.#pending) {
      try {
        pending.dump();
      } catch (error) {
        // The run ends in any case; what is lost must be said.
        warnOnce(`The last row of the run is lost: ${messageOf(error)}`);
      }
    }
    this.#closed = true;
  }

  #tagsBelow(prefix: string): Map<string, string> {
    let names = this.#tags.get(prefix);
    if (names === undefined) this.#tags.set(prefix, (names = new Map()));
    return names;
  }

  #tag(prefix: string, name: string): string {
    const names = this.#tagsBelow(prefix);
    let tag = names.get(name);
    if (tag === undefined) {
      tag = joinTag(prefix, name);
      checkTag(tag);
      names.set(name, tag);
    }
    return tag;
  }
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function emptyMemory(): Memory {
  return { lastSteps: emptyRecord(), windows: emptyRecord(), totals: emptyRecord() };
}

// Without a prototype, a tag may have any name.
function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

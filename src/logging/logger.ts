import { setBrand } from '../core/brand.ts';
import { ExpError } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import type { Media } from '../core/media.ts';
import type { KeyOptions, LogOptions, Metrics, RowOptions, Value } from '../core/record.ts';
import type { RowTarget } from '../core/run-context.ts';
import { joinTag } from '../core/tag.ts';
import { tryCurrentScope, type Scope } from '../scope/scope.ts';
import { describe } from '../stats/describe.ts';
import { checkKeyOptions, keyOptionsOf } from './key-rules.ts';
import { MediaLogger } from './media-logger.ts';
import { Pending } from './pending.ts';
import { block, checkPrefix, frame } from './prefix-block.ts';
import { checkValue } from './check-value.ts';
import { statValues } from './stat-values.ts';
import { warnOnce } from './text.ts';
import { timed } from './timed.ts';

/** Pending rows by run: those of the ubiquitous logger, and those of each bound child. */
type PendingRows = WeakMap<RowTarget, Pending>;

/** How to record a mean. */
export interface MeanOptions extends KeyOptions {
  /** How many of the newest values it is taken over; those since the last row unless given. */
  readonly window?: number;
}

/** How to record statistics. */
export interface StatOptions extends KeyOptions {
  /** What is taken from the count in the divisor of the variance. Default 0. */
  readonly ddof?: number;
}

const sharedRows = processState('pending-rows', (): PendingRows => new WeakMap());

/**
 * Logs to the run this code belongs to, wherever in the call tree it stands. The exported `logger`
 * follows the scope; a {@link Logger.child} has a prefix and a pending row of its own.
 */
export class Logger extends MediaLogger {
  readonly #bound: { readonly prefix: string; readonly scope: Scope | undefined } | undefined;
  readonly #pending: PendingRows;

  /**
   * @param bound the prefix and scope of a child; a logger without follows the scope.
   * @param label what its text lines carry in brackets: by default the prefix of a child.
   */
  constructor(
    bound?: { readonly prefix: string; readonly scope: Scope | undefined },
    label: string = bound?.prefix ?? '',
  ) {
    super(label);
    this.#bound = bound;
    // Every copy of the package has a ubiquitous logger, but a run has one pending row for all.
    this.#pending = bound === undefined ? sharedRows : new WeakMap();
  }

  /**
   * Writes one row as it stands: never merged with another, nor with what was recorded.
   * @throws {ExpError} EXP_LOG for a value, step or option that is none.
   */
  log(metrics: Metrics, options?: LogOptions): void {
    const target = this.#target('log');
    target?.rows.log(target.prefix, metrics, options);
  }

  /**
   * Adds a value to the pending row, which {@link dump} closes. Of two values for one tag the last
   * counts.
   * @throws {ExpError} EXP_LOG for a value or option that is none.
   */
  record(name: string, value: Value, options?: KeyOptions): void {
    const target = this.#target('record');
    if (target === undefined) return;
    checkValue(name, value);
    if (options !== undefined) checkKeyOptions(name, options);
    this.#pendingRow(target.rows).record(joinTag(target.prefix, name), value, options);
  }

  /**
   * Records how values are distributed, in columns `name/mean`, `std`, `min`, `max`, `median` and
   * `count`. NaN are left out and counted in `name/nan`, where there are any. Of no values there is
   * a count alone.
   * @throws {ExpError} EXP_LOG for values that are no numbers.
   */
  recordStat(name: string, values: Iterable<number>, options: StatOptions = {}): void {
    if (this.#target('recordStat') === undefined) return;
    const numbers = statValues(name, values);
    const { mean, std, min, max, median, count, nans } = describe(numbers, options.ddof);
    const keyOptions = keyOptionsOf(options);
    const nan = nans === 0 ? undefined : nans;
    for (const [part, value] of Object.entries({ mean, std, min, max, median, count, nan })) {
      if (value !== undefined) this.record(`${name}/${part}`, value, keyOptions);
    }
  }

  /**
   * Adds a value to a mean, which is recorded when the row is written: the mean of the values since
   * the last row or, with `window`, the moving average over so many of the newest, which is left out
   * until there are as many. NaN is skipped.
   */
  recordMean(name: string, value: number, options: MeanOptions = {}): void {
    const { window } = options;
    if (typeof value !== 'number') throw badNumber(`A value of the mean "${name}"`, value);
    if (window !== undefined && !(Number.isSafeInteger(window) && window >= 1)) {
      throw badNumber(`The window of the mean "${name}"`, window, 'whole number of at least 1');
    }
    checkKeyOptions(name, options);
    const target = this.#target('recordMean');
    if (target === undefined) return;
    const tag = joinTag(target.prefix, name);
    this.#pendingRow(target.rows).tally(tag).mean(tag, value, window, keyOptionsOf(options));
  }

  /**
   * Calls `fn`, awaits what it returns, and measures it, though it throws. The next row that
   * {@link dump} writes has the seconds of all calls since the last one in `time/name`, those of the
   * whole run in `time/name/total`, and in `time/name/share` the share of the time since the last
   * row. Returns what `fn` returns.
   */
  time<T>(name: string, fn: () => T): T {
    const target = this.#target('time');
    if (target === undefined) return fn();
    const tag = joinTag(target.prefix, `time/${name}`);
    return timed(fn, (seconds) => {
      if (target.rows.closed) warnLate('time');
      else this.#pendingRow(target.rows).tally(tag).time(tag, seconds);
    });
  }

  /**
   * Counts what was done. The next row that {@link dump} writes has the sum over the whole run in
   * `name`, and in `name/per_second` the rate since the last row.
   */
  count(name: string, amount = 1): void {
    if (typeof amount !== 'number' || !Number.isFinite(amount)) {
      throw badNumber(`What is added to the counter "${name}"`, amount, 'finite number');
    }
    const target = this.#target('count');
    if (target === undefined) return;
    const tag = joinTag(target.prefix, name);
    this.#pendingRow(target.rows).tally(tag).count(tag, amount);
  }

  /** Writes the pending row. A run that ends with one writes it too. */
  dump(options?: RowOptions): void {
    const target = this.#target('dump');
    if (target !== undefined) this.#pendingRow(target.rows).dump(options);
  }

  /**
   * Puts `name` before every tag that `fn` logs, whatever it awaits or calls: `outer/inner/tag`.
   * Returns what `fn` returns.
   */
  prefix<T>(name: string, fn: () => T): T;
  /** The same for synchronous code: `using _ = logger.prefix('train')`. */
  prefix(name: string): Disposable;
  prefix<T>(name: string, fn?: () => T): T | Disposable {
    checkPrefix(name);
    const scope = this.#scope();
    const inner = scope?.withPrefix(joinTag(this.#prefix(scope), name));
    return fn === undefined ? frame('prefix', name, inner) : block(inner, fn);
  }

  /**
   * A logger bound to this run, with its own prefix and pending row, for concurrent tasks.
   * @throws {ExpError} EXP_PREFIX for one without a name.
   */
  child(name: string): Logger {
    checkPrefix(name);
    const scope = this.#scope();
    return new Logger({ prefix: joinTag(this.#prefix(scope), name), scope });
  }

  #scope(): Scope | undefined {
    return this.#bound?.scope ?? tryCurrentScope();
  }

  #prefix(scope: Scope | undefined): string {
    if (this.#bound === undefined) return scope?.prefix ?? '';
    const current = tryCurrentScope()?.prefix ?? '';
    // Inside a block of its own a child has that block's prefix.
    return current.startsWith(`${this.#bound.prefix}/`) ? current : this.#bound.prefix;
  }

  #target(method: string): { rows: RowTarget; prefix: string } | undefined {
    const scope = this.#scope();
    if (scope === undefined) {
      warnOnce(
        `logger.${method}() was called outside a run: its metrics go nowhere. ` +
          'Start one with run-exp, runExperiment() or openRun().',
      );
      return undefined;
    }
    if (scope.run.rows.closed) {
      warnLate(method, scope.run.id);
      return undefined;
    }
    return { rows: scope.run.rows, prefix: this.#prefix(scope) };
  }

  protected isInRun(method: string): boolean {
    return this.#target(method) !== undefined;
  }

  protected show(
    method: string,
    name: string,
    options: RowOptions | undefined,
    make: (tag: string) => Media,
  ): void {
    const target = this.#target(method);
    if (target === undefined) return;
    const tag = joinTag(target.prefix, name);
    const media = make(tag);
    const pending = this.#pending.get(target.rows);
    if (options?.step === undefined && pending?.isOpen === true) pending.add(tag, media);
    else target.rows.media(tag, media, options);
  }

  #pendingRow(rows: RowTarget): Pending {
    let pending = this.#pending.get(rows);
    if (pending === undefined) this.#pending.set(rows, (pending = new Pending(rows)));
    return pending;
  }
}
setBrand(Logger, 'Logger');

function warnLate(method: string, run = tryCurrentScope()?.run.id ?? 'it is bound to'): void {
  warnOnce(`logger.${method}() was called after the run ${run} had ended. Await your tasks.`);
}

function badNumber(what: string, value: unknown, wanted = 'number'): ExpError {
  return new ExpError('EXP_LOG', `${what} must be a ${wanted}, got ${String(value)}.`);
}

/** The one logger for every layer of the code: it finds the run through the scope. */
export const logger: Logger = new Logger();

import { setBrand } from '../core/brand.ts';
import { ExpError } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import type { Media } from '../core/media.ts';
import type { Metrics, RowOptions, TextLevel, Value } from '../core/record.ts';
import type { RowTarget } from '../core/run-context.ts';
import { joinTag } from '../core/tag.ts';
import { runInScope, tryCurrentScope, type Scope } from '../scope/scope.ts';
import { Pending } from './pending.ts';
import { PrefixFrame } from './prefix-frame.ts';
import { checkValue } from './recorder.ts';
import { warnOnce, writeText } from './text.ts';

/** Pending rows by run: those of the ubiquitous logger, and those of each bound child. */
type PendingRows = WeakMap<RowTarget, Pending>;

const sharedRows = processState('pending-rows', (): PendingRows => new WeakMap());

/**
 * Logs to the run this code belongs to, wherever in the call tree it stands. The exported `logger`
 * follows the scope; a {@link Logger.child} has a prefix and a pending row of its own.
 */
export class Logger {
  readonly #bound: { readonly prefix: string; readonly scope: Scope | undefined } | undefined;
  readonly #pending: PendingRows;
  /** What text lines carry in brackets. */
  readonly #label: string;

  /**
   * @param bound the prefix and scope of a child; a logger without follows the scope.
   * @param label what its text lines carry in brackets: by default the prefix of a child.
   */
  constructor(
    bound?: { readonly prefix: string; readonly scope: Scope | undefined },
    label: string = bound?.prefix ?? '',
  ) {
    this.#bound = bound;
    this.#label = label;
    // Every copy of the package has a ubiquitous logger, but a run has one pending row for all.
    this.#pending = bound === undefined ? sharedRows : new WeakMap();
  }

  /**
   * Writes one row as it stands: never merged with another.
   * @throws {ExpError} EXP_LOG for a value or step that is none.
   */
  log(metrics: Metrics, options?: RowOptions): void {
    const target = this.#target('log');
    target?.rows.log(target.prefix, metrics, options);
  }

  /** Adds a value to the pending row, which {@link dump} closes. */
  record(name: string, value: Value): void {
    const target = this.#target('record');
    if (target === undefined) return;
    checkValue(name, value);
    this.#pendingRow(target.rows).record(joinTag(target.prefix, name), value);
  }

  /** Writes the pending row. A run that ends with one writes it too. */
  dump(options?: RowOptions): void {
    const target = this.#target('dump');
    if (target !== undefined) this.#pendingRow(target.rows).dump(options);
  }

  /**
   * Shows text, which may be Markdown, beside the metrics. Without a step it joins the pending row
   * or, where there is none, belongs to the last row.
   */
  text(name: string, text: string, options?: RowOptions): void {
    this.#show('text', name, { kind: 'text', text }, options);
  }

  /**
   * Puts `name` before every tag that `fn` logs, whatever it awaits or calls: `outer/inner/tag`.
   * Returns what `fn` returns.
   */
  prefix<T>(name: string, fn: () => T): T;
  /** The same for synchronous code: `using _ = logger.prefix('train')`. */
  prefix(name: string): Disposable;
  prefix<T>(name: string, fn?: () => T): T | Disposable {
    if (typeof name !== 'string' || name === '') {
      throw new ExpError('EXP_PREFIX', `A prefix needs a name; got "${name}".`);
    }
    const scope = this.#scope();
    const inner = scope?.withPrefix(joinTag(this.#prefix(scope), name));
    if (fn === undefined) {
      return inner === undefined ? { [Symbol.dispose]() {} } : new PrefixFrame(name, inner);
    }
    return inner === undefined ? fn() : runInScope(inner, fn);
  }

  /** A logger bound to this run, with its own prefix and pending row, for concurrent tasks. */
  child(name: string): Logger {
    const scope = this.#scope();
    return new Logger({ prefix: joinTag(this.#prefix(scope), name), scope });
  }

  /** Text lines go to stderr at once, inside and outside of runs. */
  debug(...values: unknown[]): void {
    this.#text('debug', values);
  }
  info(...values: unknown[]): void {
    this.#text('info', values);
  }
  warn(...values: unknown[]): void {
    this.#text('warn', values);
  }
  error(...values: unknown[]): void {
    this.#text('error', values);
  }

  #text(level: TextLevel, values: readonly unknown[]): void {
    writeText(level, this.#label, values);
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
      warnOnce(
        `logger.${method}() was called after the run ${scope.run.id} had ended. Await your tasks.`,
      );
      return undefined;
    }
    return { rows: scope.run.rows, prefix: this.#prefix(scope) };
  }

  #show(method: string, name: string, media: Media, options?: RowOptions): void {
    const target = this.#target(method);
    if (target === undefined) return;
    const tag = joinTag(target.prefix, name);
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

/** The one logger for every layer of the code: it finds the run through the scope. */
export const logger: Logger = new Logger();

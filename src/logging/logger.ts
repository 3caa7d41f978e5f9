import { setBrand } from '../core/brand.ts';
import { ExpError } from '../core/errors.ts';
import { processState } from '../core/process-state.ts';
import type { Media } from '../core/media.ts';
import type { Metrics, RowOptions, TextLevel, Value } from '../core/record.ts';
import type { RowTarget } from '../core/run-context.ts';
import { joinTag } from '../core/tag.ts';
import { makeAudio, type AudioOptions, type Samples } from '../media/audio.ts';
import { makeHistogram, type HistogramOptions, type HistogramValues } from '../media/histogram.ts';
import { makeImage, type ImageSource } from '../media/image.ts';
import { imagesOf, isTensor, valuesOf, type Tensor } from '../media/tensor.ts';
import type { PixelOptions } from '../media/pixels.ts';
import { makeTable, makeText, type TableSource } from '../media/table.ts';
import { makeVideo, type VideoOptions, type VideoSource } from '../media/video.ts';
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
   * Shows text, which may be Markdown, beside the metrics. Without a step, this and all other media join
   * the pending row or, where there is none, belong to the last row.
   * @throws {ExpError} EXP_LOG, like all of them, for what cannot be shown.
   */
  text(name: string, text: string, options?: RowOptions): void {
    this.#show('text', name, options, (tag) => makeText(tag, text));
  }

  /** Shows how values are distributed: any number of them, in any order. NaN and infinities are left out. */
  histogram(name: string, values: HistogramValues, options?: RowOptions & HistogramOptions): void {
    this.#show('histogram', name, options, (tag) => {
      const histogram = makeHistogram(tag, values, options);
      if (histogram.notFinite > 0) {
        warnOnce(`"${tag}" has values that are NaN or infinite; its histograms leave them out.`);
      }
      return histogram;
    });
  }

  /**
   * Shows the bytes of a PNG, JPEG or GIF, or pixels: `{ width, height }`, nested arrays, or a tensor. Of
   * a batch, a tensor of rank 4, it shows the first three, as `name/0` to `name/2`.
   */
  image(name: string, image: ImageSource | Tensor, options?: RowOptions & PixelOptions): void {
    if (isTensor(image)) return this.#tensor(name, image, options);
    this.#show('image', name, options, (tag) => makeImage(tag, image, options));
  }

  /** Shows frames as an animated GIF: each is an image in pixels, all of one size. */
  video(name: string, frames: VideoSource, options?: RowOptions & VideoOptions): void {
    this.#show('video', name, options, (tag) => makeVideo(tag, frames, options));
  }

  /** Plays samples from -1 to 1, or 16-bit ones; an array of several has a channel in each. */
  audio(
    name: string,
    samples: Samples | readonly Samples[],
    options: RowOptions & AudioOptions,
  ): void {
    this.#show('audio', name, options, (tag) => makeAudio(tag, samples, options));
  }

  /** Shows a table: an array of objects, or `{ columns, rows }`. */
  table(name: string, table: TableSource, options?: RowOptions): void {
    this.#show('table', name, options, (tag) => makeTable(tag, table));
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

  #tensor(name: string, tensor: Tensor, options?: RowOptions & PixelOptions): void {
    if (this.#target('image') === undefined) return;
    const images = imagesOf(name, tensor, valuesOf(name, tensor));
    for (const [i, { values, ...pixels }] of images.entries()) {
      const one = tensor.shape.length === 4 ? `${name}/${i}` : name;
      this.#show('image', one, options, (tag) => makeImage(tag, values, { ...pixels, ...options }));
    }
  }

  #show(
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

/** The one logger for every layer of the code: it finds the run through the scope. */
export const logger: Logger = new Logger();

import { isExpError } from '../core/errors.ts';
import type { Media } from '../core/media.ts';
import type { KeyOptions, RowOptions, Value } from '../core/record.ts';
import type { PendingRow, RowTarget } from '../core/run-context.ts';
import { checkTag } from '../core/tag.ts';
import { Tallies } from './tallies.ts';
import { warnOnce } from './text.ts';

const NO_KEYS: ReadonlyMap<string, KeyOptions> = new Map();

/** A row under construction: `record` and its kin fill it, `dump` writes it. */
export class Pending implements PendingRow {
  readonly #rows: RowTarget;
  #values = new Map<string, Value>();
  #keys: Map<string, KeyOptions> | undefined;
  #tallies: Tallies | undefined;
  #media: { readonly tag: string; readonly media: Media }[] = [];

  constructor(rows: RowTarget) {
    this.#rows = rows;
  }

  record(tag: string, value: Value, options?: KeyOptions): void {
    if (this.#values.size === 0) this.#rows.track(this);
    if (this.#values.has(tag)) {
      warnOnce(`"${tag}" was recorded twice in one row; the last value counts.`);
    } else {
      checkTag(tag);
    }
    this.#values.set(tag, value);
    if (options !== undefined) (this.#keys ??= new Map()).set(tag, options);
    else this.#keys?.delete(tag);
  }

  /** What adds up until the row is written; whoever asks for it adds to the tag. */
  tally(tag: string): Tallies {
    checkTag(tag);
    this.#rows.track(this);
    return (this.#tallies ??= new Tallies(this.#rows));
  }

  /** True once something was recorded. */
  get isOpen(): boolean {
    return this.#values.size > 0 || this.#tallies?.isEmpty === false;
  }

  /** Keeps media for the step of this row. */
  add(tag: string, media: Media): void {
    checkTag(tag);
    this.#media.push({ tag, media });
  }

  /**
   * Writes the row and starts the next; nothing recorded, nothing written.
   * @throws {ExpError} EXP_LOG for a step that is none; the row is then still there.
   */
  dump(options?: RowOptions): void {
    if (!this.isOpen) return;
    this.#tallies?.emit((tag, value, keyOptions) => this.record(tag, value, keyOptions));
    const values = this.#values;
    // Where all that was recorded waits for a full window, the row still counts as a step.
    const keys = this.#keys ?? (values.size === 0 ? NO_KEYS : undefined);
    try {
      this.#rows.write(
        [...values.keys()],
        [...values.values()],
        keys === undefined ? options : { ...options, keys },
      );
    } catch (error) {
      // A row that was refused is still there; one that ends the run has been written.
      if (!isExpError(error) || error.code !== 'EXP_LOG') this.#startNext();
      throw error;
    }
    this.#startNext();
  }

  #startNext(): void {
    const shown = this.#media;
    this.#values = new Map();
    this.#keys = undefined;
    this.#media = [];
    this.#rows.untrack(this);
    // Without a step: that of the row just written.
    for (const { tag, media } of shown) this.#rows.media(tag, media);
  }
}

import type { Media } from '../core/media.ts';
import type { RowOptions, Value } from '../core/record.ts';
import type { PendingRow, RowTarget } from '../core/run-context.ts';
import { checkTag } from '../core/tag.ts';
import { warnOnce } from './text.ts';

/** A row under construction: `record` fills it, `dump` writes it. */
export class Pending implements PendingRow {
  readonly #rows: RowTarget;
  #values = new Map<string, Value>();
  #media: { readonly tag: string; readonly media: Media }[] = [];

  constructor(rows: RowTarget) {
    this.#rows = rows;
  }

  record(tag: string, value: Value): void {
    if (this.#values.size === 0) this.#rows.track(this);
    if (this.#values.has(tag)) {
      warnOnce(`"${tag}" was recorded twice in one row; the last value counts.`);
    } else {
      checkTag(tag);
    }
    this.#values.set(tag, value);
  }

  /** True once something was recorded. */
  get isOpen(): boolean {
    return this.#values.size > 0;
  }

  /** Keeps media for the step of this row. */
  add(tag: string, media: Media): void {
    checkTag(tag);
    this.#media.push({ tag, media });
  }

  /** Writes the row and starts the next; nothing recorded, nothing written. */
  dump(options?: RowOptions): void {
    if (this.#values.size === 0) return;
    const values = this.#values;
    this.#values = new Map();
    const shown = this.#media;
    this.#media = [];
    this.#rows.untrack(this);
    const step = this.#rows.write([...values.keys()], [...values.values()], options);
    for (const { tag, media } of shown) this.#rows.media(tag, media, { step });
  }
}

import type { Media, MediaRecord } from '../core/media.ts';
import type { Row } from '../core/record.ts';

/** What a sink is offered at a time: rows, or one piece of media. */
export type Batch = readonly Row[] | MediaRecord;

/** How much waits for a sink. */
export interface Load {
  /** Rows and pieces of media. */
  readonly rows: number;
  /** The memory they take, roughly. */
  readonly bytes: number;
}

/** The most that is kept for a sink that does not take it: what bounds the memory. */
export const MAX_LOAD: Load = { rows: 100_000, bytes: 64 * 2 ** 20 };

/** True for a batch of rows. */
export function isRows(batch: Batch): batch is readonly Row[] {
  return Array.isArray(batch);
}

export function sizeOf(batch: Batch): number {
  return isRows(batch) ? batch.length : 1;
}

export function isTooMuch({ rows, bytes }: Load): boolean {
  return rows > MAX_LOAD.rows || bytes > MAX_LOAD.bytes;
}

export function loadOf(batch: Batch): Load {
  if (!isRows(batch)) return { rows: 1, bytes: 200 + bytesOf(batch.media) };
  let bytes = 0;
  for (const { values } of batch) {
    bytes += 200 + 24 * values.length;
    for (const value of values) if (typeof value === 'string') bytes += 2 * value.length;
  }
  return { rows: batch.length, bytes };
}

function bytesOf(media: Media): number {
  if (media.kind === 'histogram') return 16 * media.limits.length;
  if (media.kind === 'text') return 2 * media.text.length;
  if (media.kind !== 'table') return media.bytes.length;
  return media.rows.reduce((sum, row) => {
    const text = row.reduce<number>((all, x) => all + (typeof x === 'string' ? x.length : 0), 0);
    return sum + 16 * row.length + 2 * text;
  }, 0);
}

/** A queue that knows its load. */
export class Backlog<T> {
  readonly #items: { readonly item: T; readonly load: Load }[] = [];
  #rows = 0;
  #bytes = 0;

  get load(): Load {
    return { rows: this.#rows, bytes: this.#bytes };
  }

  get length(): number {
    return this.#items.length;
  }

  get first(): { readonly item: T; readonly load: Load } | undefined {
    return this.#items[0];
  }

  push(item: T, load: Load): void {
    this.#items.push({ item, load });
    this.#rows += load.rows;
    this.#bytes += load.bytes;
  }

  /** The first `count` items. */
  peek(count: number): T[] {
    return this.#items.slice(0, count).map(({ item }) => item);
  }

  /** Removes the first `count` items and returns them. */
  take(count: number): T[] {
    return this.#items.splice(0, count).map(({ item, load }) => {
      this.#rows -= load.rows;
      this.#bytes -= load.bytes;
      return item;
    });
  }

  findIndex(holds: (item: T) => boolean): number {
    return this.#items.findIndex(({ item }) => holds(item));
  }

  clear(): void {
    this.take(this.#items.length);
  }
}

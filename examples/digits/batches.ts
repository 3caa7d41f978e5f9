import { PIXELS, type Digits } from './data.js';

/** Yields the digits in the given order, `size` at a time; the last batch holds what is left. */
export function* batches(digits: Digits, order: readonly number[], size: number): Iterable<Digits> {
  for (let from = 0; from < order.length; from += size) {
    const rows = order.slice(from, from + size);
    const images = new Float32Array(rows.length * PIXELS);
    for (const [i, row] of rows.entries()) {
      images.set(digits.images.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
    }
    yield {
      images,
      labels: Uint8Array.from(rows, (row) => digits.labels[row]!),
      count: rows.length,
    };
  }
}

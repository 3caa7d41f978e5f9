import { elementBytes, type LazyArray } from './binary.ts';

/** Bytes that can be gone through as often as needed, a chunk at a time. */
export interface Source {
  readonly length: number;
  /** Bytes to leave free in front when the segment is restored, so that its views are aligned. */
  readonly lead?: number;
  chunks(): Iterable<Uint8Array>;
}

/** Where the bytes of a node are; filled once all are known. */
interface Place {
  segment: number;
  offset: number;
}

interface Window {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

const CHUNK = 1 << 22;
const NUMBERS = CHUNK / 8;
/** What the widest elements ask for, in bytes. */
const ALIGNED = 8;

/**
 * Collects the bytes of a state without copying them. Views of one buffer that overlap become one
 * segment, so that they share their bytes again once restored; what else is in the buffer is not saved.
 */
export class Segments {
  readonly #sources: Source[] = [];
  readonly #windows = new Map<ArrayBufferLike, Window[]>();

  addView(buffer: ArrayBufferLike, start: number, length: number, place: Place): void {
    const windows = this.#windows.get(buffer);
    const window = { start, end: start + length, place };
    if (windows === undefined) this.#windows.set(buffer, [window]);
    else windows.push(window);
  }

  addNumbers(numbers: readonly number[], place: Place): void {
    place.segment =
      this.#sources.push({
        length: numbers.length * 8,
        *chunks() {
          for (let at = 0; at < numbers.length; at += NUMBERS) {
            yield new Uint8Array(Float64Array.from(numbers.slice(at, at + NUMBERS)).buffer);
          }
        },
      }) - 1;
  }

  addLazy(lazy: LazyArray, place: Place): void {
    const length = lazy.length * elementBytes(lazy.kind);
    place.segment =
      this.#sources.push({
        length,
        *chunks() {
          const { buffer, byteOffset, byteLength } = lazy.read();
          if (byteLength !== length) {
            throw new RangeError(`${byteLength} bytes were read where ${length} were announced`);
          }
          yield* chunksOf(buffer, byteOffset, length);
        },
      }) - 1;
  }

  /** All that was collected, in the order of the numbers of the segments. */
  finish(): readonly Source[] {
    for (const [buffer, windows] of this.#windows) {
      for (const group of overlapping(windows)) this.#addGroup(buffer, group);
    }
    return this.#sources;
  }

  #addGroup(buffer: ArrayBufferLike, group: readonly Window[]): void {
    const start = group[0]!.start;
    const length = group.reduce((end, window) => Math.max(end, window.end), start) - start;
    const segment =
      this.#sources.push({
        length,
        ...(group.length > 1 && { lead: start % ALIGNED }),
        chunks: () => chunksOf(buffer, start, length),
      }) - 1;
    for (const { place, start: from } of group) {
      place.segment = segment;
      place.offset = from - start;
    }
  }
}

function overlapping(windows: Window[]): Window[][] {
  windows.sort((a, b) => a.start - b.start || b.end - a.end);
  const groups: Window[][] = [];
  let end = -1;
  for (const window of windows) {
    if (window.start < end) groups.at(-1)!.push(window);
    else groups.push([window]);
    end = Math.max(end, window.end);
  }
  return groups;
}

function* chunksOf(buffer: ArrayBufferLike, start: number, length: number): Generator<Uint8Array> {
  for (let at = 0; at < length; at += CHUNK) {
    yield new Uint8Array(buffer, start + at, Math.min(CHUNK, length - at));
  }
}

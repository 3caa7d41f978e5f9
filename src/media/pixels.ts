import { ExpError } from '../core/errors.ts';
import type { Pixels } from '../formats/png.ts';
import {
  flatten,
  isTypedArray,
  shapeOf,
  shown,
  type NestedNumbers,
  type TypedArray,
} from './numbers.ts';

/** Pixels row by row from the top, channels side by side; nested arrays bring their size along. */
export type PixelValues = TypedArray | NestedNumbers;

/** How numbers are read as pixels. */
export interface PixelOptions {
  /** In pixels; needed unless the pixels are nested arrays. */
  readonly width?: number;
  readonly height?: number;
  /** 1 grey, 3 red-green-blue, 4 with opacity. Follows from the number of values unless given. */
  readonly channels?: 1 | 3 | 4;
  /**
   * The values of black and of full colour. By default `[0, 255]` for arrays of integers, and `[0, 1]`
   * for `Float32Array`, `Float64Array` and plain arrays. What lies outside is clamped, NaN is black.
   */
  readonly range?: readonly [black: number, full: number];
}

/**
 * Brings pixels into 8 bits.
 * @param what names them in messages: `image "eval/frame"`.
 * @throws {ExpError} EXP_LOG if the values do not fit the size, or are none.
 */
export function makePixels(what: string, values: PixelValues, options: PixelOptions): Pixels {
  const shape = isTypedArray(values) ? undefined : shapeOf(values);
  const flat = isTypedArray(values) ? values : flatten(values, (found) => refuse(what, found));
  const [height, width] = sizeOf(what, shape, options);
  const channels = options.channels ?? flat.length / (width * height);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    fail(
      what,
      `needs 1, 3 or 4 channels: ${flat.length} values are ${shown(channels)} times ${width} x ${height}`,
    );
  }
  if (flat.length !== width * height * channels) {
    const needed = `${width} x ${height} x ${channels} = ${width * height * channels}`;
    fail(what, `needs ${needed} values, got ${flat.length}`);
  }
  return { data: toBytes(what, flat, options.range), width, height, channels };
}

function sizeOf(
  what: string,
  shape: readonly number[] | undefined,
  options: PixelOptions,
): [height: number, width: number] {
  const isNested = shape !== undefined && shape.length > 1;
  const { height = isNested ? shape[0] : undefined, width = isNested ? shape[1] : undefined } =
    options;
  for (const [side, length] of Object.entries({ width, height })) {
    if (length === undefined) fail(what, `needs { width, height } beside its values`);
    if (!Number.isInteger(length) || length < 1 || length > 65_535) {
      fail(what, `needs a ${side} of 1 to 65535 pixels, got ${shown(length)}`);
    }
  }
  return [height!, width!];
}

function toBytes(
  what: string,
  values: ArrayLike<number>,
  range: PixelOptions['range'],
): Uint8Array {
  const isBytes = values instanceof Uint8Array || values instanceof Uint8ClampedArray;
  if (isBytes && range === undefined) return Uint8Array.from(values);
  const [black, full] = range ?? (isOfFractions(what, values) ? [0, 1] : [0, 255]);
  if (!(Number.isFinite(black) && Number.isFinite(full)) || black === full) {
    fail(what, `needs a range of two different numbers, got ${shown(range)}`);
  }
  const scale = 255 / (full - black);
  // Clamped arrays round as well, and take NaN for 0.
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => (value - black) * scale).buffer);
}

function isOfFractions(what: string, values: ArrayLike<number>): boolean {
  if (values instanceof Float32Array || values instanceof Float64Array) return true;
  if (isTypedArray(values)) return false;
  // Whole numbers beyond 1 mean bytes: clamped they would be a white picture.
  const all = values as readonly number[];
  if (all.some((value) => value > 1) && all.every(Number.isInteger)) {
    const greatest = all.reduce((max, value) => Math.max(max, value));
    fail(
      what,
      `takes plain numbers from 0 to 1, got ${greatest}; pass { range: [0, 255] } or a Uint8Array`,
    );
  }
  return true;
}

function refuse(what: string, found: unknown): never {
  return fail(
    what,
    `must be given numbers, in nested arrays or a typed array, got ${shown(found)}`,
  );
}

function fail(what: string, problem: string): never {
  throw new ExpError('EXP_LOG', `The ${what} ${problem}.`);
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Handwritten digits and what they say.
 * `images` has `count` rows of `PIXELS` values, 0 (paper) to 1 (ink); `labels` has `count` digits.
 */
export interface Digits {
  readonly images: Float32Array;
  readonly labels: Uint8Array;
  readonly count: number;
}

/** Something for each part of the digits: those learnt from, and those held out to judge by. */
export interface Split<T> {
  readonly train: T;
  readonly test: T;
}

// Side of an image in pixels: half of MNIST's 28, for a quarter of the arithmetic per epoch.
const SIDE = 14;

/** Values per image. */
export const PIXELS = SIDE * SIDE;

// How many of the 10 000 digits are never trained on.
const HELD_OUT = 2000;

// A property of the data set, not of a run: every run must be judged by the same held-out digits.
const SPLIT_SEED = 20_240_229;

/**
 * Loads handwritten digits and splits them, the same way on every call.
 * `train` is a prefix of 8 000 digits in a fixed order and `test` one of 2 000 others: asking for
 * fewer keeps the first ones, and the two never share a digit.
 */
export function loadDigits(sizes: Split<number>): Split<Digits> {
  const sources = readDigits();
  shuffle(sources, generator(SPLIT_SEED));
  const others = sources.length - HELD_OUT;
  if (sizes.train > others || sizes.test > HELD_OUT) {
    throw new RangeError(`There are ${others} digits to train on and ${HELD_OUT} to test with.`);
  }
  return {
    train: pack(sources.slice(0, sizes.train)),
    test: pack(sources.slice(others, others + sizes.test)),
  };
}

/** A 28x28 image, still among all those of its digit: `pixels[start]` is its upper left corner. */
interface Source {
  readonly digit: number;
  readonly pixels: readonly number[];
  readonly start: number;
}

// Not by the package's own `set()`, which splits with Math.random, differently on every call.
function readDigits(): Source[] {
  const { resolve } = createRequire(import.meta.url);
  const area = 4 * PIXELS;
  return Array.from({ length: 10 }, (_, digit) => {
    const text = readFileSync(resolve(`mnist/src/digits/${digit}.json`), 'utf8');
    const pixels = (JSON.parse(text) as { data: number[] }).data;
    const count = Math.floor(pixels.length / area);
    return Array.from({ length: count }, (_, i) => ({ digit, pixels, start: i * area }));
  }).flat();
}

/** Copies images into one array, each pixel the mean of a 2x2 block. */
function pack(sources: readonly Source[]): Digits {
  const images = new Float32Array(sources.length * PIXELS);
  for (const [row, { pixels, start }] of sources.entries()) {
    for (let i = 0; i < PIXELS; i++) {
      const top = start + 4 * SIDE * Math.floor(i / SIDE) + 2 * (i % SIDE);
      const below = top + 2 * SIDE;
      const sum = pixels[top]! + pixels[top + 1]! + pixels[below]! + pixels[below + 1]!;
      images[row * PIXELS + i] = sum / 4;
    }
  }
  return { images, labels: Uint8Array.from(sources, (s) => s.digit), count: sources.length };
}

/** Shuffles in place (Fisher-Yates). `random` returns numbers from 0 to below 1. */
function shuffle<T>(items: T[], random: () => number): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}

// mulberry32: small, and good enough to shuffle with.
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

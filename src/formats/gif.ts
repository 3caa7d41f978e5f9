import { createRequire } from 'node:module';
import type { Pixels } from './png.ts';

/** What is used of gifenc, which comes without types. */
interface Gifenc {
  GIFEncoder(): {
    writeFrame(
      indices: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; delay: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array;
  };
  quantize(rgba: Uint8Array, colors: number, options: { format: 'rgb444' }): Palette;
}

type Palette = readonly (readonly number[])[];

// It is CommonJS, and loaders disagree on what its default export is.
const require = createRequire(import.meta.url);
const gifenc = (): Gifenc => require('gifenc') as Gifenc;

const MAX_COLORS = 256;
const GREYS: Palette = Array.from({ length: MAX_COLORS }, (_, i) => [i, i, i]);

/**
 * Encodes frames of one size as an animated GIF that plays for ever. Frames with at most 256 colours
 * keep them exactly; all others share the 256 that serve them best. Opacity is left out.
 * @param seconds how long each frame stays; the format counts in hundredths.
 */
export function encodeGif(frames: readonly Pixels[], seconds: number): Uint8Array {
  const gif = gifenc().GIFEncoder();
  const exact = frames.map(withOwnColors);
  const others = frames.filter((_, i) => exact[i] === undefined);
  const toShared = others.length > 0 ? sharedColors(others) : undefined;
  for (const [i, frame] of frames.entries()) {
    const { indices, palette } = exact[i] ?? toShared!(frame);
    gif.writeFrame(indices, frame.width, frame.height, { palette, delay: seconds * 1000 });
  }
  gif.finish();
  return gif.bytes();
}

interface Indexed {
  readonly indices: Uint8Array;
  readonly palette: Palette;
}

/** The frame with a palette of the colours it has, unless they are too many. */
function withOwnColors({ data, channels }: Pixels): Indexed | undefined {
  if (channels === 1) return { indices: data, palette: GREYS };
  const indices = new Uint8Array(data.length / channels);
  const known = new Map<number, number>();
  for (let i = 0; i < indices.length; i++) {
    const at = i * channels;
    const color = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
    let index = known.get(color);
    if (index === undefined) {
      if (known.size === MAX_COLORS) return undefined;
      known.set(color, (index = known.size));
    }
    indices[i] = index;
  }
  const palette = [...known.keys()].map((rgb) => [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff]);
  return { indices, palette };
}

/** Brings frames down to one palette; each colour of 16 bits is looked up once. */
function sharedColors(frames: readonly Pixels[]): (frame: Pixels) => Indexed {
  // Its time grows with the square of the colours it tells apart: 4096 take a tenth of a second.
  const palette = gifenc().quantize(sample(frames), MAX_COLORS, { format: 'rgb444' });
  const nearest = new Int16Array(1 << 16).fill(-1);
  return ({ data, channels }) => {
    const indices = new Uint8Array(data.length / channels);
    for (let i = 0; i < indices.length; i++) {
      const [red, green, blue] = [
        data[i * channels]!,
        data[i * channels + 1]!,
        data[i * channels + 2]!,
      ];
      const color = ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3);
      if (nearest[color] === -1) nearest[color] = nearestIndex(palette, red, green, blue);
      indices[i] = nearest[color]!;
    }
    return { indices, palette };
  };
}

function nearestIndex(palette: Palette, red: number, green: number, blue: number): number {
  let found = 0;
  let least = Infinity;
  for (let i = 0; i < palette.length; i++) {
    const color = palette[i]!;
    const distance = (color[0]! - red) ** 2 + (color[1]! - green) ** 2 + (color[2]! - blue) ** 2;
    if (distance < least) [found, least] = [i, distance];
  }
  return found;
}

const MAX_SAMPLE = 50_000;

/** Pixels of all frames, evenly chosen, with full opacity. */
function sample(frames: readonly Pixels[]): Uint8Array {
  const { width, height } = frames[0]!;
  const total = frames.length * width * height;
  const count = Math.min(total, MAX_SAMPLE);
  const rgba = new Uint8Array(count * 4).fill(0xff);
  for (let i = 0; i < count; i++) {
    const pixel = Math.floor((i * total) / count);
    const { data, channels } = frames[Math.floor(pixel / (width * height))]!;
    const at = (pixel % (width * height)) * channels;
    rgba.set(data.subarray(at, at + 3), i * 4);
  }
  return rgba;
}

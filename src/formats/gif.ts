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
  quantize(rgba: Uint8Array, colors: number): Palette;
  applyPalette(rgba: Uint8Array, palette: Palette): Uint8Array;
}

type Palette = readonly (readonly number[])[];

// It is CommonJS, and loaders disagree on what its default export is.
const require = createRequire(import.meta.url);
const gifenc = (): Gifenc => require('gifenc') as Gifenc;

const MAX_COLORS = 256;
const GREYS: Palette = Array.from({ length: MAX_COLORS }, (_, i) => [i, i, i]);

/**
 * Encodes frames of one size as an animated GIF that plays for ever. Frames with at most 256 colours
 * keep them exactly, others are brought down to 256 of their own; opacity is left out.
 * @param seconds how long each frame stays; the format counts in hundredths.
 */
export function encodeGif(frames: readonly Pixels[], seconds: number): Uint8Array {
  const gif = gifenc().GIFEncoder();
  for (const frame of frames) {
    const { indices, palette } = indexed(frame);
    gif.writeFrame(indices, frame.width, frame.height, { palette, delay: seconds * 1000 });
  }
  gif.finish();
  return gif.bytes();
}

interface Indexed {
  readonly indices: Uint8Array;
  readonly palette: Palette;
}

function indexed(frame: Pixels): Indexed {
  if (frame.channels === 1) return { indices: frame.data, palette: GREYS };
  const exact = withOwnColors(frame);
  if (exact !== undefined) return exact;
  const rgba = opaque(frame);
  const palette = gifenc().quantize(rgba, MAX_COLORS);
  return { indices: gifenc().applyPalette(rgba, palette), palette };
}

/** The frame with a palette of the colours it has, unless they are too many. */
function withOwnColors({ data, channels }: Pixels): Indexed | undefined {
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

function opaque({ data, channels }: Pixels): Uint8Array {
  const rgba = new Uint8Array((data.length / channels) * 4).fill(0xff);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return rgba;
}

import { ExpError } from '../core/errors.ts';
import type { Video } from '../core/media.ts';
import { encodeGif } from '../formats/gif.ts';
import { readImageHeader } from '../formats/image-header.ts';
import { shown } from './numbers.ts';
import { makePixels, type PixelOptions, type PixelValues } from './pixels.ts';

/** Frames of one size, or the bytes of an animated GIF. */
export type VideoSource = Uint8Array | readonly PixelValues[];

/** How frames are read, and how fast they follow one another. */
export interface VideoOptions extends PixelOptions {
  /** Frames a second, at most 50: 10 unless given. What is shown is the nearest hundredth of a second. */
  readonly fps?: number;
}

// Browsers slow frames that are shorter than 20 ms down to 100 ms.
const MAX_FPS = 50;
const MIN_FPS = 0.01; // the format holds no more than 655 seconds

/**
 * Makes a video of frames, as an animated GIF that plays for ever, or keeps the GIF it is given.
 * @throws {ExpError} EXP_LOG if there are no frames, they differ in size, or `fps` is out of range.
 */
export function makeVideo(tag: string, source: VideoSource, options: VideoOptions = {}): Video {
  const { fps = 10 } = options;
  if (!(fps >= MIN_FPS && fps <= MAX_FPS)) {
    fail(tag, `can have ${MIN_FPS} to ${MAX_FPS} frames a second, got fps ${shown(fps)}`);
  }
  if (source instanceof Uint8Array) return encodedVideo(tag, source);
  if (!Array.isArray(source) || source.length === 0) {
    fail(tag, `must be an array of frames, at least one, got ${shown(source)}`);
  }
  const frames = (source as readonly PixelValues[]).map((frame, i) =>
    makePixels(`frame ${i} of the video "${tag}"`, frame, options),
  );
  const { width, height } = frames[0]!;
  const odd = frames.findIndex((frame) => frame.width !== width || frame.height !== height);
  if (odd >= 0) {
    const size = `${frames[odd]!.width} x ${frames[odd]!.height}`;
    fail(
      tag,
      `must have frames of one size: frame 0 is ${width} x ${height}, frame ${odd} is ${size}`,
    );
  }
  return { kind: 'video', format: 'gif', bytes: encodeGif(frames, 1 / fps), width, height };
}

function encodedVideo(tag: string, bytes: Uint8Array): Video {
  const header = readImageHeader(bytes);
  if (header?.format !== 'gif') {
    fail(tag, `must be an array of frames, or the bytes of a GIF, got ${shown(bytes)}`);
  }
  const { width, height } = header;
  return { kind: 'video', format: 'gif', bytes: bytes.slice(), width, height };
}

function fail(tag: string, problem: string): never {
  throw new ExpError('EXP_LOG', `The video "${tag}" ${problem}.`);
}

import { ExpError } from '../core/errors.ts';
import type { Image } from '../core/media.ts';
import { readImageHeader } from '../formats/image-header.ts';
import { encodePng } from '../formats/png.ts';
import { isTypedArray, shown } from './numbers.ts';
import { makePixels, type PixelOptions, type PixelValues } from './pixels.ts';

/** The bytes of a PNG, JPEG or GIF file, or pixels. */
export type ImageSource = Uint8Array | PixelValues;

/**
 * Makes an image of pixels, which are encoded as PNG, or of the bytes of a file, which are kept. A
 * `Uint8Array` without a size is a file.
 * @throws {ExpError} EXP_LOG if it is neither, or the size does not fit.
 */
export function makeImage(tag: string, source: ImageSource, options: PixelOptions = {}): Image {
  const hasSize = options.width !== undefined || options.height !== undefined;
  if (source instanceof Uint8Array && !hasSize) return encodedImage(tag, source);
  if (!Array.isArray(source) && !isTypedArray(source)) {
    throw new ExpError(
      'EXP_LOG',
      `The image "${tag}" must be the bytes of a file, or numbers in a typed array or nested arrays, ` +
        `got ${shown(source)}.`,
    );
  }
  const pixels = makePixels(`image "${tag}"`, source, options);
  const { width, height } = pixels;
  return { kind: 'image', format: 'png', bytes: encodePng(pixels), width, height };
}

function encodedImage(tag: string, bytes: Uint8Array): Image {
  const header = readImageHeader(bytes);
  if (header === undefined) {
    const start = Buffer.from(bytes.subarray(0, 8)).toString('hex');
    throw new ExpError(
      'EXP_LOG',
      `The image "${tag}" is no PNG, JPEG or GIF: its ${bytes.length} bytes start with "${start}". ` +
        'If they are pixels, pass { width, height } with them.',
    );
  }
  return { kind: 'image', ...header, bytes: bytes.slice() };
}

import { describe, expect, inject, test } from 'vitest';
import { makeImage } from '../../src/media/image.ts';
import { decodePictures, type Picture } from '../helpers/tensorboard-data.ts';

const missing = inject('missingTools')['tensorboard'];

/** The smallest of each format, as other programs write them. */
const FILES = {
  png:
    'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR42mPkZGBgYmBgAAAAVwANCySUTQAAAABJRU' +
    '5ErkJggg==',
  gif: 'R0lGODdhAwACAIEAAAkJCQAAAAAAAAAAACwAAAAAAwACAAAIBgABCBwYEAA7',
  jpeg:
    '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI//////////////////////' +
    '//////////////////////////////wAALCAACAAMBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAABP/EABQQAQAAAAAA' +
    'AAAAAAAAAAAAAAD/2gAIAQEAAD8AG//Z',
};

function rgbOf(picture: Picture): number[] {
  return picture.frames[0]!.rgb;
}

describe('an image', () => {
  test.for(Object.entries(FILES))(
    'may be the bytes of a %s, which are kept',
    ([format, base64]) => {
      const bytes = new Uint8Array(Buffer.from(base64, 'base64'));

      const image = makeImage('i', bytes);

      expect(image).toEqual({ kind: 'image', format, bytes, width: 3, height: 2 });
      expect(image.bytes).not.toBe(bytes); // they are the user's, and may change
    },
  );

  test('may be pixels, which become a PNG that others read', ({ skip }) => {
    skip(missing !== undefined, missing);
    const size = { width: 2, height: 1 };

    const pictures = decodePictures(
      makeImage('grey', Uint8Array.of(7, 255), size).bytes,
      makeImage('rgb', Uint8ClampedArray.of(1, 2, 3, 4, 5, 6), size).bytes,
      makeImage('rgba', Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 255), size).bytes,
      makeImage('floats', Float32Array.of(0, 0.5), size).bytes,
      makeImage('clamped', [-1, 7.5], size).bytes,
      makeImage('not a number', [Number.NaN, 1], size).bytes,
      makeImage('range', [-1, 1], { ...size, range: [-1, 1] }).bytes,
      makeImage('nested', [[0, 1]]).bytes,
      makeImage('nested colours', [
        [
          [1, 0, 0],
          [0, 0, 1],
        ],
      ]).bytes,
      makeImage('integers', Int32Array.of(0, 200), size).bytes,
    );

    expect(pictures.every(({ format }) => format === 'PNG')).toBe(true);
    expect(pictures.every(({ frames }) => frames[0]!.size.join('x') === '2x1')).toBe(true);
    expect(pictures.map(rgbOf)).toEqual([
      [7, 7, 7, 255, 255, 255],
      [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6],
      [0, 0, 0, 128, 128, 128],
      [0, 0, 0, 255, 255, 255],
      [0, 0, 0, 255, 255, 255],
      [0, 0, 0, 255, 255, 255],
      [0, 0, 0, 255, 255, 255],
      [255, 0, 0, 0, 0, 255],
      [0, 0, 0, 200, 200, 200],
    ]);
  });

  test('of many pixels comes back as it was', ({ skip }) => {
    skip(missing !== undefined, missing);
    const rgb = Uint8Array.from({ length: 200 * 100 * 3 }, (_, i) => (i * 7919) % 256);

    const [picture] = decodePictures(makeImage('i', rgb, { width: 200, height: 100 }).bytes);

    expect(rgbOf(picture!)).toEqual([...rgb]);
  });

  test.for<[unknown, unknown, string]>([
    ['x', {}, "must be the bytes of a file, or numbers in a typed array or nested arrays, got 'x'"],
    [
      Uint8Array.of(1, 2),
      {},
      'is no PNG, JPEG or GIF: its 2 bytes start with "0102". If they are pixels, pass { width, height } with them',
    ],
    [Buffer.from(FILES.png, 'base64').subarray(0, 18), {}, 'is no PNG, JPEG or GIF'],
    [Float32Array.of(1), {}, 'needs { width, height } beside its values'],
    [Float32Array.of(1), { width: 0, height: 1 }, 'needs a width of 1 to 65535 pixels, got 0'],
    [
      new Float32Array(5),
      { width: 2, height: 2 },
      'needs 1, 3 or 4 channels: 5 values are 1.25 times 2 x 2',
    ],
    [
      new Float32Array(8),
      { width: 2, height: 2 },
      'needs 1, 3 or 4 channels: 8 values are 2 times 2 x 2',
    ],
    [new Uint8Array(5), { width: 2, height: 2, channels: 1 }, 'needs 2 x 2 x 1 = 4 values, got 5'],
    [
      [[0, 255]],
      {},
      'takes plain numbers from 0 to 1, got 255; pass { range: [0, 255] } or a Uint8Array',
    ],
    [[[0, '1']], {}, "must be given numbers, in nested arrays or a typed array, got '1'"],
    [[[0, 1]], { range: [1, 1] }, 'needs a range of two different numbers, got [ 1, 1 ]'],
  ])('is not made of %j with %j', ([source, options, message]) => {
    expect(() => makeImage('eval/i', source as never, options as never)).toThrow(
      expect.objectContaining({
        code: 'EXP_LOG',
        message: expect.stringContaining(`The image "eval/i" ${message}`),
      }),
    );
  });
});

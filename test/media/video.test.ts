import { describe, expect, inject, test } from 'vitest';
import { makeVideo } from '../../src/media/video.ts';
import { decodePictures } from '../helpers/tensorboard-data.ts';

const missing = inject('missingTools')['tensorboard'];
const size = { width: 2, height: 2 };

describe('a video', () => {
  test('is an animated GIF with the frames, the time of each, and their colours', ({ skip }) => {
    skip(missing !== undefined, missing);
    const red = Uint8Array.of(255, 0, 0, 1, 2, 3, 9, 9, 9, 255, 255, 255);
    const blue = Uint8Array.of(0, 0, 255, 1, 2, 3, 0, 0, 0, 77, 88, 99);

    const video = makeVideo('v', [red, blue, red], { ...size, fps: 20 });

    expect(video).toMatchObject({ kind: 'video', format: 'gif', ...size });
    const [picture] = decodePictures(video.bytes);
    expect(picture).toEqual({
      format: 'GIF',
      frames: [red, blue, red].map((frame) => ({ size: [2, 2], ms: 50, rgb: [...frame] })),
    });
  });

  test('may be grey, with opacity, or in nested arrays', ({ skip }) => {
    skip(missing !== undefined, missing);

    const videos = [
      makeVideo('grey', [Uint8Array.of(0, 5, 6, 255), Uint8Array.of(1, 1, 1, 2)], size),
      makeVideo('opacity', [Uint8Array.from([1, 2, 3, 0, 4, 5, 6, 255])], { width: 2, height: 1 }),
      makeVideo('nested', [[[0, 1]], [[1, 0]]]),
    ];

    const read = decodePictures(...videos.map(({ bytes }) => bytes));
    expect(read.map(({ frames }) => frames.map(({ rgb }) => rgb))).toEqual([
      [
        [0, 0, 0, 5, 5, 5, 6, 6, 6, 255, 255, 255],
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2],
      ],
      [[1, 2, 3, 4, 5, 6]],
      [
        [0, 0, 0, 255, 255, 255],
        [255, 255, 255, 0, 0, 0],
      ],
    ]);
    expect(read[2]!.frames[0]!.ms).toBe(100); // 10 frames a second
  });

  test('with more than 256 colours has the nearest', ({ skip }) => {
    skip(missing !== undefined, missing);
    const side = 64;
    const frame = Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return [(pixel % side) * 4, Math.floor(pixel / side) * 4, 128][i % 3]!;
    });

    const [picture] = decodePictures(makeVideo('v', [frame], { width: side, height: side }).bytes);

    const errors = picture!.frames[0]!.rgb.map((value, i) => Math.abs(value - frame[i]!));
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(8);
  });

  test('may be the bytes of a GIF, which are kept', () => {
    const gif = makeVideo('v', [[[0, 1]]]).bytes;

    expect(makeVideo('v', gif)).toEqual({
      kind: 'video',
      format: 'gif',
      bytes: new Uint8Array(gif),
      width: 2,
      height: 1,
    });
  });

  test.for<[unknown, unknown, string]>([
    [[], {}, 'The video "v" must be an array of frames, at least one, got []'],
    ['x', {}, 'The video "v" must be an array of frames, at least one, got \'x\''],
    [
      Uint8Array.of(1),
      {},
      'The video "v" must be an array of frames, or the bytes of a GIF, got Uint8Array(1) [ 1 ]',
    ],
    [[[[1]]], { fps: 0 }, 'The video "v" can have 0.01 to 50 frames a second, got fps 0'],
    [[[[1]]], { fps: 60 }, 'The video "v" can have 0.01 to 50 frames a second, got fps 60'],
    [
      [[[1]], [[1, 1]]],
      {},
      'The video "v" must have frames of one size: frame 0 is 1 x 1, frame 1 is 2 x 1',
    ],
    [
      [new Uint8Array(4), new Uint8Array(5)],
      { width: 2, height: 2 },
      'The frame 1 of the video "v" needs 1, 3 or 4 channels',
    ],
  ])('is not made of %j with %j', ([source, options, message]) => {
    expect(() => makeVideo('v', source as never, options as never)).toThrow(
      expect.objectContaining({ code: 'EXP_LOG', message: expect.stringContaining(message) }),
    );
  });
});

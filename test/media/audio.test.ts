import { describe, expect, inject, test } from 'vitest';
import { makeAudio } from '../../src/media/audio.ts';
import { decodeSound } from '../helpers/tensorboard-data.ts';

const missing = inject('missingTools')['tensorboard'];

describe('audio', () => {
  test('is a WAV file of 16 bits that others read', ({ skip }) => {
    skip(missing !== undefined, missing);

    const audio = makeAudio('a', Float32Array.of(0, 0.5, 1, -1, 3, Number.NaN), {
      sampleRate: 44_100,
    });

    expect(audio).toMatchObject({ kind: 'audio', format: 'wav', channels: 1, frames: 6 });
    expect(decodeSound(audio.bytes)).toEqual({
      channels: 1,
      width: 2,
      rate: 44_100,
      samples: [0, 16_384, 32_767, -32_767, 32_767, 0],
    });
  });

  test('keeps 16-bit samples, and has the channels side by side', ({ skip }) => {
    skip(missing !== undefined, missing);

    const audio = makeAudio('a', [Int16Array.of(1, 2, -32_768), [0, 1, 0]], { sampleRate: 8000 });

    expect(audio).toMatchObject({ channels: 2, frames: 3, sampleRate: 8000 });
    expect(decodeSound(audio.bytes).samples).toEqual([1, 0, 2, 32_767, -32_768, 0]);
  });

  test('may be empty', ({ skip }) => {
    skip(missing !== undefined, missing);

    expect(decodeSound(makeAudio('a', [], { sampleRate: 1 }).bytes).samples).toEqual([]);
  });

  test.for<[unknown, unknown, string]>([
    [[0], undefined, 'needs a { sampleRate } in whole hertz, got undefined'],
    [[0], { sampleRate: 0.5 }, 'needs a { sampleRate } in whole hertz, got 0.5'],
    [
      [[0], [0, 1]],
      { sampleRate: 1 },
      'must have channels of one length: channel 0 has 1 samples, channel 1 has 2',
    ],
    [
      Int32Array.of(1),
      { sampleRate: 1 },
      'must be a Float32Array, an Int16Array or an array of them, got Int32Array(1) [ 1 ]',
    ],
    ['x', { sampleRate: 1 }, "must be a Float32Array, an Int16Array or an array of them, got 'x'"],
    [[0, 'x'], { sampleRate: 1 }, "must be given numbers, got 'x'"],
  ])('is not made of %j with %j', ([source, options, message]) => {
    expect(() => makeAudio('a', source as never, options as never)).toThrow(
      expect.objectContaining({ code: 'EXP_LOG', message: `The audio "a" ${message}.` }),
    );
  });
});

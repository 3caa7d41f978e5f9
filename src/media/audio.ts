import { ExpError } from '../core/errors.ts';
import type { Audio } from '../core/media.ts';
import { encodeWav } from '../formats/wav.ts';
import { isTypedArray, shown } from './numbers.ts';

/** One channel: samples from -1 to 1, or 16-bit ones. */
export type Samples = Float32Array | Float64Array | Int16Array | readonly number[];

/** What sound is made of, beside its samples. */
export interface AudioOptions {
  /** Samples a second, of each channel. */
  readonly sampleRate: number;
}

const FULL = 32_767;

/**
 * Makes sound of one channel, or of several in an array, as a WAV file of 16 bits. Samples that are not
 * in an `Int16Array` go from -1 to 1: what lies outside is clamped, NaN is silence.
 * @throws {ExpError} EXP_LOG for samples that are none, channels of different lengths, a bad rate.
 */
export function makeAudio(
  tag: string,
  source: Samples | readonly Samples[],
  options: AudioOptions,
): Audio {
  const sampleRate = (options as AudioOptions | undefined)?.sampleRate;
  if (!Number.isInteger(sampleRate) || sampleRate! < 1 || sampleRate! > 0xffff_ffff) {
    fail(tag, `needs a { sampleRate } in whole hertz, got ${shown(sampleRate)}`);
  }
  const channels = channelsOf(tag, source);
  const frames = channels[0]!.length;
  const odd = channels.findIndex((channel) => channel.length !== frames);
  if (odd >= 0) {
    const lengths = `channel 0 has ${frames} samples, channel ${odd} has ${channels[odd]!.length}`;
    fail(tag, `must have channels of one length: ${lengths}`);
  }
  const samples = new Int16Array(frames * channels.length);
  channels.forEach((channel, c) => {
    for (let i = 0; i < frames; i++) samples[i * channels.length + c] = channel[i]!;
  });
  return {
    kind: 'audio',
    format: 'wav',
    bytes: encodeWav(samples, sampleRate!, channels.length),
    sampleRate: sampleRate!,
    channels: channels.length,
    frames,
  };
}

function channelsOf(tag: string, source: Samples | readonly Samples[]): Int16Array[] {
  const isMono = !Array.isArray(source) || typeof source[0] === 'number' || source.length === 0;
  const channels = (isMono ? [source] : source) as readonly Samples[];
  if (channels.length > 0xffff) fail(tag, `has ${channels.length} channels, more than WAV can`);
  return channels.map((channel) => toInt16(tag, channel));
}

function toInt16(tag: string, samples: Samples): Int16Array {
  if (samples instanceof Int16Array) return samples;
  const isFloats = samples instanceof Float32Array || samples instanceof Float64Array;
  if (!isFloats && (isTypedArray(samples) || !Array.isArray(samples))) {
    fail(tag, `must be a Float32Array, an Int16Array or an array of them, got ${shown(samples)}`);
  }
  return Int16Array.from(samples as ArrayLike<number>, (sample: unknown) => {
    if (typeof sample !== 'number') fail(tag, `must be given numbers, got ${shown(sample)}`);
    return Math.round(Math.min(Math.max(sample, -1), 1) * FULL); // NaN becomes 0 in the array
  });
}

function fail(tag: string, problem: string): never {
  throw new ExpError('EXP_LOG', `The audio "${tag}" ${problem}.`);
}

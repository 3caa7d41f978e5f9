const HEADER_BYTES = 44;
const BYTES_PER_SAMPLE = 2;

/**
 * Encodes sound as a WAV file: PCM, 16 bits.
 * @param samples of all channels, side by side for each moment.
 * @param sampleRate in hertz.
 */
export function encodeWav(samples: Int16Array, sampleRate: number, channels: number): Uint8Array {
  const frameBytes = channels * BYTES_PER_SAMPLE;
  const dataBytes = samples.length * BYTES_PER_SAMPLE;
  const wav = Buffer.alloc(HEADER_BYTES + dataBytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16); // bytes of the format chunk
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(channels, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * frameBytes, 28);
  wav.writeUInt16LE(frameBytes, 32);
  wav.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(dataBytes, 40);
  for (let i = 0; i < samples.length; i++) {
    wav.writeInt16LE(samples[i]!, HEADER_BYTES + i * BYTES_PER_SAMPLE);
  }
  return wav;
}

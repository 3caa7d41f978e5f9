import { crc32c } from '@node-rs/crc32';

const MASK_DELTA = 0xa282ead8;

/**
 * Frames one message as a TFRecord: its length (uint64, little endian), the masked CRC32C of the
 * length, the message, the masked CRC32C of the message. Source: TensorFlow's
 * `tensorflow/core/lib/io/record_writer.cc`.
 */
export function frameRecord(message: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(message.length + 16);
  record.writeUInt32LE(message.length, 0);
  record.writeUInt32LE(0, 4);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(message, 12);
  record.writeUInt32LE(maskedCrc(message), 12 + message.length);
  return record;
}

// A checksum over data that holds checksums is weak, so TensorFlow rotates and offsets each one.
function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameRecord } from '../../../src/formats/tfevents/record.ts';

/** CRC32C bit by bit, as RFC 3720 defines it: polynomial 0x1EDC6F41, reflected. */
function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function masked(crc: number): number {
  return Number((BigInt((crc >>> 15) | (crc << 17)) + 0xa282ead8n) & 0xffffffffn);
}

function unmasked(mask: number): number {
  const rotated = Number((BigInt(mask) - 0xa282ead8n) & 0xffffffffn);
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

const upTo32 = Uint8Array.from({ length: 32 }, (_, i) => i);

// RFC 3720, B.4, and the check value of the Rocksoft model
const VECTORS: [title: string, data: Uint8Array, crc: number][] = [
  ['32 bytes of zero', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['32 ascending bytes', upTo32, 0x46dd794e],
  ['32 descending bytes', upTo32.toReversed(), 0x113fdb5c],
  [
    'an iSCSI read command',
    Buffer.from(
      '01c00000000000000000000000000000140000000000040000000014000000182800000000000000' +
        '0200000000000000',
      'hex',
    ),
    0xd9963a56,
  ],
  ['the digits 1 to 9', Buffer.from('123456789'), 0xe3069283],
];

describe('frameRecord', () => {
  test.for(VECTORS)('ends with the checksum known for %s', ([, data, crc]) => {
    const record = frameRecord(data);

    expect(crc32c(data)).toBe(crc);
    expect(unmasked(record.readUInt32LE(record.length - 4))).toBe(crc);
  });

  test.for<[title: string, message: string, record: string]>([
    ['an empty message', '', '000000000000000029039807d8ea82a2'],
    ['"123456789"', '313233343536373839', '090000000000000037f97139313233343536373839e5b08ac7'],
    [
      'the first event of a file',
      '0900000040fc54d9411a0d627261696e2e4576656e743a32',
      '1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d',
    ],
  ])("writes %s byte by byte as TensorBoard's own writer does", ([, message, record]) => {
    expect(frameRecord(Buffer.from(message, 'hex')).toString('hex')).toBe(record);
  });

  test('frames any message: length, its checksum, the message, its checksum', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat({ max: 20 }), (bytes, offset) => {
        // a view into the middle of a larger buffer is the usual case
        const message = bytes.subarray(Math.min(offset, bytes.length));

        const record = frameRecord(message);

        expect(record.length).toBe(message.length + 16);
        expect(record.readBigUInt64LE(0)).toBe(BigInt(message.length));
        expect(record.readUInt32LE(8)).toBe(masked(crc32c(record.subarray(0, 8))));
        expect(record.subarray(12, -4).equals(message)).toBe(true);
        expect(record.readUInt32LE(record.length - 4)).toBe(masked(crc32c(message)));
      }),
    );
  });
});

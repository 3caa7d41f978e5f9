import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, inject } from 'vitest';
import {
  encodeFileVersion,
  encodeScalars,
  scalarHead,
} from '../../../src/formats/tfevents/event.ts';
import { frameRecord } from '../../../src/formats/tfevents/record.ts';
import { test } from '../../helpers/temp-dir.ts';
import { readScalars } from '../../helpers/tensorboard.ts';

// As in tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; }
  }
  message Summary {
    repeated Value value = 1;
    message Value { string tag = 1; float simple_value = 2; }
  }
`);
const Event = root.lookupType('Event');

interface Decoded {
  readonly wallTime: number;
  readonly step: string;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly { tag: string; simpleValue: number }[] };
}

function decode(message: Uint8Array): Decoded {
  return Event.toObject(Event.decode(message), { longs: String, defaults: true }) as Decoded;
}

function encode(wallTime: number, step: number, scalars: readonly [string, number][]): Uint8Array {
  const heads = scalars.map(([tag]) => scalarHead(tag));
  const values = scalars.map(([, value]) => value);
  return encodeScalars(wallTime, step, heads, values);
}

describe('encodeFileVersion', () => {
  test('names the version of the format', () => {
    const event = decode(encodeFileVersion(1_700_000_000.25));

    expect(event).toMatchObject({ wallTime: 1_700_000_000.25, fileVersion: 'brain.Event:2' });
  });
});

describe('encodeScalars', () => {
  test("is byte by byte what Google's protobuf writes", () => {
    const message = encode(1_700_000_000.5, 7, [
      ['train/loss', 0.25],
      ['acc', 1],
    ]);

    expect(Buffer.from(message).toString('hex')).toBe(
      '0900002040fc54d94110072a1f0a110a0a747261696e2f6c6f7373150000803e0a0a0a03616363150000803f',
    );
  });

  test('keeps step, time, tags and values in their order, values as 32-bit floats', () => {
    const step = fc.maxSafeInteger();
    const time = fc.double({ noNaN: true });
    const scalars = fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.double()));
    fc.assert(
      fc.property(time, step, scalars, (wallTime, at, entries) => {
        const event = decode(encode(wallTime, at, entries));

        expect(event.wallTime).toBe(wallTime);
        expect(event.step).toBe(String(at));
        const values = event.summary?.value.map(({ tag, simpleValue }) => [tag, simpleValue]);
        expect(values).toEqual(entries.map(([tag, value]) => [tag, Math.fround(value)]));
      }),
    );
  });

  test('takes tags longer than one length byte can say', () => {
    const tags = [127, 128, 16_383, 16_384].map((length) => 'x'.repeat(length));

    const event = decode(
      encode(
        0,
        0,
        tags.map((tag) => [tag, 1]),
      ),
    );

    expect(event.summary?.value.map(({ tag }) => tag.length)).toEqual([127, 128, 16_383, 16_384]);
  });

  test('gives TensorBoard what was written', ({ dir, skip }) => {
    const missing = inject('missingTools')['tensorboard'];
    skip(missing !== undefined, missing);
    const rows: [step: number, value: number][] = [
      [0, 0.1],
      [1, NaN],
      [2, Infinity],
      [3, -Infinity],
      [4, -0],
      [5, 1e300],
      [5, 2],
      [2 ** 31, 1e-45],
      [2 ** 53 - 1, 7],
    ];
    const tags = ['train/loss', 'größe/学 😀', 'a,"b"\n'];
    const records = rows.map(([step, value]) =>
      encode(
        1_700_000_000 + step,
        step,
        tags.map((tag) => [tag, value]),
      ),
    );

    const messages = [encodeFileVersion(1_700_000_000), ...records];
    writeFileSync(
      join(dir, 'events.out.tfevents.1700000000.test'),
      Buffer.concat(messages.map(frameRecord)),
    );

    const read = readScalars(dir)[dir]!;
    expect(Object.keys(read).sort()).toEqual([...tags].sort());
    for (const tag of tags) {
      expect(read[tag]!.map(({ step, value }) => [step, value])).toEqual(
        rows.map(([step, value]) => [step, Math.fround(value)]),
      );
    }
  });
});

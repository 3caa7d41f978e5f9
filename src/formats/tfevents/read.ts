import protobuf from 'protobufjs/minimal.js';
import { asBuffer } from '../lines.ts';
import type { Plugin } from './summary.ts';

const FRAME_HEAD = 12; // the length and its checksum
const FRAME_END = 4; // the checksum of the message

/**
 * The framed records of an event file, from chunks that may cut them anywhere. A torn last one is
 * left out. Needs the memory of a chunk and a record.
 */
export function* splitFrames(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunks) {
    rest = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
    while (rest.length >= FRAME_HEAD) {
      const size = FRAME_HEAD + rest.readUInt32LE(0) + FRAME_END;
      if (rest.length < size) break;
      yield rest.subarray(0, size);
      rest = rest.subarray(size);
    }
  }
}

/** What there is to know of an event without reading its data. */
export interface PeekedEvent {
  readonly step: number;
  /** None for what is no summary. */
  readonly values: readonly { readonly tag: string; readonly plugin: Plugin | 'scalars' }[];
}

/** Looks at the event in a framed record. */
export function peekEvent(frame: Buffer): PeekedEvent {
  let step = 0;
  const values: { tag: string; plugin: Plugin | 'scalars' }[] = [];
  const event = frame.subarray(FRAME_HEAD, -FRAME_END);
  eachField(event, (field, reader) => {
    if (field === 2) step = Number(reader.int64());
    else if (field === 5) {
      eachField(reader.bytes(), (inSummary, summary) => {
        if (inSummary === 1) values.push(peekValue(summary.bytes()));
        else return false;
        return true;
      });
    } else return false;
    return true;
  });
  return { step, values };
}

function peekValue(value: Uint8Array): { tag: string; plugin: Plugin | 'scalars' } {
  let tag = '';
  let plugin = 'scalars';
  eachField(value, (field, reader) => {
    if (field === 1) tag = reader.string();
    else if (field === 9) plugin = pluginIn(reader.bytes());
    else return false;
    return true;
  });
  return { tag, plugin: plugin as Plugin | 'scalars' };
}

/** The name in a `SummaryMetadata`. */
function pluginIn(metadata: Uint8Array): string {
  let name = 'scalars';
  eachField(metadata, (field, reader) => {
    if (field !== 1) return false;
    eachField(reader.bytes(), (inPlugin, plugin) => {
      if (inPlugin !== 1) return false;
      name = plugin.string();
      return true;
    });
    return true;
  });
  return name;
}

/** Goes through the fields of a message; those that `take` returns false for are skipped. */
function eachField(
  message: Uint8Array,
  take: (field: number, reader: protobuf.Reader) => boolean,
): void {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const wireTag = reader.uint32();
    if (!take(wireTag >>> 3, reader)) reader.skipType(wireTag & 7);
  }
}

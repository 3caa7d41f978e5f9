import protobuf from 'protobufjs/minimal.js';

/** How a field is written: its wire type, and its bytes. */
type Field = (writer: protobuf.Writer, number: number) => void;

/** Fields by number. What is `undefined` is left out; a list writes the field once for each item. */
export type Fields = Readonly<Record<number, Field | readonly Field[] | undefined>>;

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;

/**
 * Encodes a message by its fields. For messages that are rare: what is written for every row has an
 * encoder of its own.
 */
export function encodeMessage(fields: Fields): Uint8Array {
  return writeFields(protobuf.Writer.create(), fields).finish();
}

/** A message within a message. */
export function message(fields: Fields): Field {
  return (writer, number) => {
    writeFields(writer.uint32(wireTag(number, LENGTH)).fork(), fields).ldelim();
  };
}

/** A `string`. */
export function text(value: string): Field {
  return (writer, number) => void writer.uint32(wireTag(number, LENGTH)).string(value);
}

/** `bytes`. */
export function bytes(value: Uint8Array): Field {
  return (writer, number) => void writer.uint32(wireTag(number, LENGTH)).bytes(value);
}

/** A `double`. */
export function double(value: number): Field {
  return (writer, number) => void writer.uint32(wireTag(number, FIXED_64)).double(value);
}

/** An `int32`, an `int64` or an enum; proto3 leaves out the default, 0. */
export function int(value: number): Field {
  return (writer, number) => {
    if (value !== 0) writer.uint32(wireTag(number, VARINT)).int64(value);
  };
}

/** A `bool`. */
export function bool(value: boolean): Field {
  return (writer, number) => void writer.uint32(wireTag(number, VARINT)).bool(value);
}

function wireTag(number: number, type: number): number {
  return (number << 3) | type;
}

function writeFields(writer: protobuf.Writer, fields: Fields): protobuf.Writer {
  for (const [number, field] of Object.entries(fields)) {
    if (typeof field === 'function') field(writer, Number(number));
    else field?.forEach((one) => one(writer, Number(number)));
  }
  return writer;
}

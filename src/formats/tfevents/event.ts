import protobuf from 'protobufjs/minimal.js';
import { double, encodeMessage, int, message, text } from './protobuf.ts';

// Wire tags (field number << 3 | wire type) of tensorflow/core/util/event.proto and summary.proto.
const EVENT_WALL_TIME = 9; // 1: double
const EVENT_STEP = 16; // 2: int64
const EVENT_SUMMARY = 42; // 5: Summary
const SUMMARY_VALUE = 10; // 1: Value
const VALUE_TAG = 10; // 1: string
const VALUE_SIMPLE_VALUE = 21; // 2: float

/** The event every file starts with: it names the version of the format. */
export function encodeFileVersion(wallTime: number): Uint8Array {
  return encodeMessage({ 1: double(wallTime), 3: text('brain.Event:2') });
}

/**
 * The start of an attempt, a `SessionLog` with the status START: what earlier files of the run have for
 * this step and later ones is void.
 */
export function encodeSessionLog(wallTime: number, step: number): Uint8Array {
  return encodeMessage({ 1: double(wallTime), 2: int(step), 7: message({ 1: int(1) }) });
}

/** The bytes of a scalar that depend on its tag alone; kept, since tags repeat in every event. */
export function scalarHead(tag: string): Uint8Array {
  const name = protobuf.Writer.create().uint32(VALUE_TAG).string(tag).finish();
  const length = name.length + 5; // and the float with its own wire tag
  return protobuf.Writer.create()
    .uint32(SUMMARY_VALUE)
    .uint32(length)
    .raw(name)
    .uint32(VALUE_SIMPLE_VALUE)
    .finish();
}

/** An event with scalars at one step. The format holds 32-bit floats. */
export function encodeScalars(
  wallTime: number,
  step: number,
  heads: readonly Uint8Array[],
  values: readonly number[],
): Uint8Array {
  const writer = protobuf.Writer.create()
    .uint32(EVENT_WALL_TIME)
    .double(wallTime)
    .uint32(EVENT_STEP)
    .int64(step)
    .uint32(EVENT_SUMMARY)
    .fork();
  for (let i = 0; i < heads.length; i++) writer.raw(heads[i]!).float(values[i]!);
  return writer.ldelim().finish();
}

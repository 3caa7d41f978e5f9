import { eventFile } from '../src/core/layout.ts';
import type { Row, Value } from '../src/core/record.ts';
import type { Sink } from '../src/core/sink.ts';
import { encodeFileVersion, encodeScalars, scalarHead } from '../src/formats/tfevents/event.ts';
import { frameRecord } from '../src/formats/tfevents/record.ts';

/**
 * Writes the numbers of every row to a TensorBoard event file, one event a row. Booleans count as 0
 * and 1; text has no place among scalars and is left to the CSV.
 */
export function tensorboardSink(): Sink {
  return {
    name: 'tensorboard',
    open(run) {
      const heads = new Map<string, Uint8Array>();
      const headOf = (tag: string): Uint8Array => {
        let head = heads.get(tag);
        if (head === undefined) heads.set(tag, (head = scalarHead(tag)));
        return head;
      };
      return {
        file: eventFile(run.startedAt, run.id),
        head: frameRecord(encodeFileVersion(run.startedAt)),
        encode: (rows) => ({ append: Buffer.concat(rows.map((row) => encodeRow(row, headOf))) }),
      };
    },
  };
}

function encodeRow(row: Row, headOf: (tag: string) => Uint8Array): Buffer {
  const heads: Uint8Array[] = [];
  const values: number[] = [];
  row.values.forEach((value, i) => {
    const number = scalar(value);
    if (number === undefined) return;
    heads.push(headOf(row.tags[i]!));
    values.push(number);
  });
  if (values.length === 0) return Buffer.alloc(0);
  return frameRecord(encodeScalars(row.wallTime, row.step, heads, values));
}

function scalar(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' || typeof value === 'bigint' ? Number(value) : undefined;
}

import { RUN_FILES } from '../src/core/layout.ts';
import type { Row, Value } from '../src/core/record.ts';
import type { Sink } from '../src/core/sink.ts';
import { wordFor } from '../src/core/special-number.ts';

/**
 * Writes every row to `metrics.jsonl`, as an object on a line of its own: `step`, `wall_time`,
 * `elapsed`, and the metrics that the row has. Numbers have all their digits. What JSON lacks is
 * spelled as in the CSV, in quotes: `"nan"`, `"inf"`, `"-inf"`, dates in ISO 8601, whole numbers
 * above 2^53. Media are left out: they are under `artifacts/`.
 */
export function jsonlSink(): Sink {
  return {
    name: 'jsonl',
    open() {
      const keys = new Map<string, string>();
      return {
        file: RUN_FILES.metrics,
        encode: (rows) => ({ append: rows.map((row) => encodeRow(row, keys)).join('') }),
      };
    },
  };
}

function encodeRow(
  { step, wallTime, elapsed, tags, values }: Row,
  keys: Map<string, string>,
): string {
  let line = `{"step":${step},"wall_time":${wallTime},"elapsed":${elapsed}`;
  for (let i = 0; i < tags.length; i++) {
    const tag = tags[i]!;
    let key = keys.get(tag);
    if (key === undefined) keys.set(tag, (key = `,${JSON.stringify(tag)}:`));
    line += key + encodeValue(values[i]!);
  }
  return `${line}}\n`;
}

function encodeValue(value: Value): string {
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '"nan"' : JSON.stringify(value);
  // A reader takes numbers for doubles, and would round larger ones without a word.
  return Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`;
}

function encodeNumber(value: number): string {
  const word = wordFor(value);
  if (word !== undefined) return `"${word}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

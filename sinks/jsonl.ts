import { RUN_FILES } from '../src/core/layout.ts';
import type { Row, Value } from '../src/core/record.ts';
import type { Sink } from '../src/core/sink.ts';
import { splitLines } from '../src/formats/lines.ts';
import { dateText, numberText } from '../src/formats/value-text.ts';

/**
 * Writes every row to `metrics.jsonl`, as an object on a line of its own: `step`, `wall_time`,
 * `elapsed`, and the metrics that the row has. Numbers have all their digits. What JSON lacks is
 * spelled as in the CSV, in quotes: `"nan"`, `"inf"`, `"-inf"`, dates in ISO 8601, whole numbers
 * above 2^53. Media are left out: they are under `artifacts/`. A resumed run goes on in the same file,
 * below the rows that still count.
 */
export function jsonlSink(): Sink {
  return {
    name: 'jsonl',
    open({ resumedAt = Infinity, kept }) {
      const keys = new Map<string, string>();
      let records = 0;
      return {
        file: RUN_FILES.metrics,
        get records() {
          return records;
        },
        *reopen(earlier) {
          for (const line of splitLines(earlier)) {
            if (kept === undefined ? stepOf(line) >= resumedAt : records >= kept) continue;
            records++;
            yield line;
          }
        },
        encode(rows) {
          const append = rows.map((row) => encodeRow(row, keys)).join('');
          records += rows.length;
          return { append };
        },
      };
    },
  };
}

const HEAD = '{"step":';

function encodeRow(
  { step, wallTime, elapsed, tags, values }: Row,
  keys: Map<string, string>,
): string {
  let line = `${HEAD}${step},"wall_time":${wallTime},"elapsed":${elapsed}`;
  for (let i = 0; i < tags.length; i++) {
    const tag = tags[i]!;
    let key = keys.get(tag);
    if (key === undefined) keys.set(tag, (key = `,${JSON.stringify(tag)}:`));
    line += key + encodeValue(values[i]!);
  }
  return `${line}}\n`;
}

/** The step that a line begins with, as `encodeRow` writes it; NaN for a line that is none of ours. */
function stepOf(line: Buffer): number {
  return Number(line.subarray(HEAD.length, line.indexOf(',')).toString());
}

function encodeValue(value: Value): string {
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Date) return `"${dateText(value)}"`;
  // A reader takes numbers for doubles, and would round larger ones without a word.
  return Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`;
}

function encodeNumber(value: number): string {
  const text = numberText(value);
  return Number.isFinite(value) ? text : `"${text}"`;
}

// Apart from the codec, whose libraries the worker that loads this has no use for.
import { asBuffer, splitAt } from './lines.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;

/** Finds where records end, over chunks that may cut them anywhere. */
class RecordEnds {
  #isQuoted = false;

  /** Offsets of the line breaks that end records: those outside of quotes. */
  find(chunk: Buffer): number[] {
    const ends: number[] = [];
    let quote = 0; // the next one from `at`
    for (let at = 0; at < chunk.length;) {
      if (quote < at || at === 0) quote = indexOf(chunk, QUOTE, at);
      if (this.#isQuoted) {
        at = quote + 1;
        this.#isQuoted = quote === chunk.length;
        continue;
      }
      const end = indexOf(chunk, LINE_FEED, at);
      if (end < quote) ends.push(end);
      else this.#isQuoted = quote < chunk.length;
      at = Math.min(end, quote) + 1;
    }
    return ends;
  }
}

/** As `indexOf`, with the length for what is not there. */
function indexOf(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from);
  return at < 0 ? chunk.length : at;
}

/**
 * Widens a CSV file by empty columns: replaces its first record by `header` and appends
 * `added` empty cells to every other. Works on chunks, in constant memory.
 */
export function* widenCsv(
  chunks: Iterable<Uint8Array>,
  header: string,
  added: number,
): Generator<Uint8Array | string> {
  const records = new RecordEnds();
  let isHeader = true;
  yield header;
  for (const chunk of chunks) {
    const bytes = asBuffer(chunk);
    const ends = records.find(bytes);
    const headerEnd: number | undefined = isHeader ? ends.shift() : -1;
    isHeader = headerEnd === undefined;
    yield insertCommas(bytes, headerEnd === undefined ? bytes.length : headerEnd + 1, ends, added);
  }
}

/** The bytes from `start`, with commas before each of these offsets. */
function insertCommas(
  bytes: Buffer,
  start: number,
  ends: readonly number[],
  count: number,
): Uint8Array {
  const wide = Buffer.allocUnsafe(bytes.length - start + ends.length * count);
  let to = 0;
  let from = start;
  for (const end of ends) {
    to += bytes.copy(wide, to, from, end);
    for (let i = 0; i < count; i++) wide[to++] = COMMA;
    from = end;
  }
  bytes.copy(wide, to, from);
  return wide;
}

/** Whole records with other columns at their ends: `change` empty ones more, or less cells. */
export function resizeRecords(records: Uint8Array, change: number): Uint8Array {
  if (change === 0) return records;
  const bytes = asBuffer(records);
  const ends = new RecordEnds().find(bytes);
  if (change > 0) return insertCommas(bytes, 0, ends, change);
  let start = 0;
  const pieces = ends.flatMap((end) => {
    const record = bytes.subarray(start, end);
    start = end + 1;
    return [record.subarray(0, commasOf(record).at(change)), LINE_BREAK];
  });
  return Buffer.concat(pieces);
}

const LINE_BREAK = Buffer.from('\n');

/** A record with its line break, cut to its first so many cells. */
export function firstCells(record: Buffer, count: number): Uint8Array {
  const end = commasOf(record)[count - 1];
  return end === undefined ? record : Buffer.concat([record.subarray(0, end), LINE_BREAK]);
}

/** How many cells a record has, not counting empty ones at its end. */
export function usedCells(record: Buffer): number {
  let end = record.length;
  while (end > 0 && (record[end - 1] === COMMA || record[end - 1] === LINE_FEED)) end--;
  return commasOf(record.subarray(0, end)).length + 1;
}

/** Offsets of the commas between the cells of a record. */
function commasOf(record: Uint8Array): number[] {
  const commas: number[] = [];
  let isQuoted = false;
  for (let i = 0; i < record.length; i++) {
    if (record[i] === QUOTE) isQuoted = !isQuoted;
    else if (record[i] === COMMA && !isQuoted) commas.push(i);
  }
  return commas;
}

/**
 * Goes through the records of a CSV file, each with its line break. A last one without, which
 * was torn, is left out. Needs the memory of a chunk and a record.
 */
export function splitRecords(chunks: Iterable<Uint8Array>): Generator<Buffer> {
  const records = new RecordEnds();
  return splitAt(chunks, (chunk) => records.find(chunk));
}

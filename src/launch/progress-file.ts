import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { decodeCsv, decodeNumber } from '../formats/csv.ts';

/** What the last row of a program's CSV says. */
export interface LastRow {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

const CHUNK = 1 << 16;
/** Columns that hold the step: ours, and that of rlpyt. */
const STEP_COLUMNS = ['step', 'Diagnostics/Iteration'];
/** Columns that are no metrics. */
const CLOCKS = new Set([...STEP_COLUMNS, 'wall_time', 'elapsed']);

/**
 * The CSV that a program writes while it works. Each look reads what is new only, and a file that
 * was written anew from its start. Lines count as rows: a line break inside of quotes is one too many.
 */
export class ProgressFile {
  readonly #places: readonly string[];
  #path: string | undefined;
  #seen = '';
  #header: string | undefined;
  #rest = '';
  #offset = 0;
  #rows = 0;
  #line: string | undefined;

  /** @param places where the file may be; the first one that is there counts. */
  constructor(places: readonly string[]) {
    this.#places = places;
  }

  /**
   * The last row, if there is one and the file has changed since the last look.
   * @param isOver true if nobody writes any more: a last line without its end is a row.
   */
  look(isOver = false): LastRow | undefined {
    try {
      if (!this.#hasChanged() && !isOver) return undefined;
      this.#read();
    } catch {
      // it is being replaced, or was never there
      return undefined;
    }
    if (isOver && this.#rest !== '') this.#take(`${this.#rest}\n`);
    return this.#lastRow();
  }

  #hasChanged(): boolean {
    this.#path ??= this.#places.find((place) => statSync(place, { throwIfNoEntry: false }));
    if (this.#path === undefined) return false;
    const { size, mtimeMs, ino } = statSync(this.#path);
    const now = `${size} ${mtimeMs} ${ino}`;
    const hasChanged = now !== this.#seen;
    this.#seen = now;
    return hasChanged;
  }

  #read(): void {
    if (this.#path === undefined) return;
    const fd = openSync(this.#path, 'r');
    try {
      this.#startAgainIfReplaced(fd);
      const bytes = Buffer.allocUnsafe(CHUNK);
      for (;;) {
        const count = readSync(fd, bytes, 0, CHUNK, this.#offset);
        if (count === 0) return;
        this.#offset += count;
        // Names and numbers are ASCII: a letter that is cut in two is in a text, which is no metric.
        this.#take(this.#rest + bytes.toString('utf8', 0, count));
      }
    } finally {
      closeSync(fd);
    }
  }

  /** A file with another header, or less in it, is another file. */
  #startAgainIfReplaced(fd: number): void {
    const header = this.#header;
    if (header === undefined) return;
    const bytes = Buffer.alloc(Buffer.byteLength(header));
    const count = readSync(fd, bytes, 0, bytes.length, 0);
    const next = Buffer.alloc(1);
    const isSame = count === bytes.length && bytes.toString('utf8') === header;
    const isWhole = readSync(fd, next, 0, 1, bytes.length) === 0 || /[\r\n]/.test(next.toString());
    const isLonger = this.#offset === 0 || readSync(fd, next, 0, 1, this.#offset - 1) === 1;
    if (isSame && isWhole && isLonger) return;
    this.#header = undefined;
    this.#line = undefined;
    this.#rest = '';
    this.#offset = 0;
    this.#rows = 0;
  }

  #take(text: string): void {
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines.map((one) => one.replace(/\r$/, ''))) {
      // Some loggers write the header again above every row.
      if (line === '' || line === this.#header) continue;
      if (this.#header === undefined) {
        this.#header = line;
        continue;
      }
      this.#line = line;
      this.#rows++;
    }
  }

  #lastRow(): LastRow | undefined {
    if (this.#line === undefined) return undefined;
    const [row = {}] = decodeCsv(`${this.#header}\n${this.#line}\n`);
    const numbers = Object.entries(row).flatMap(([name, text]): [string, number][] => {
      const value = decodeNumber(text);
      return value === undefined ? [] : [[name, value]];
    });
    const byName = new Map(numbers);
    const stepName = STEP_COLUMNS.find((name) => byName.has(name));
    const step = stepName === undefined ? Number.NaN : byName.get(stepName)!;
    return {
      step: Number.isFinite(step) ? step : this.#rows - 1,
      metrics: Object.fromEntries(numbers.filter(([name]) => !CLOCKS.has(name))),
    };
  }
}

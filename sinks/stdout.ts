import pc from 'picocolors';
import { brokenBy } from '../src/core/broken-stream.ts';
import type { Objective } from '../src/core/objective.ts';
import type { Row, Value } from '../src/core/record.ts';
import type { Sink } from '../src/core/sink.ts';
import { SYSTEM_PREFIX } from '../src/core/tag.ts';
import { terminalColumns } from '../src/core/terminal.ts';
import { onOneLine } from '../src/formats/text-width.ts';
import { tableText, Widths, type Cell } from './stdout/table.ts';
import { changeText, elapsedText, valueText } from './stdout/value-text.ts';

/** Where the table goes; `process.stdout` is one. */
export interface TextStream {
  write(text: string): unknown;
  /** True where a terminal shows it: there it gets tables, elsewhere lines without colours. */
  readonly isTTY?: boolean;
  /** How wide that terminal is. Default 80. */
  readonly columns?: number;
}

/** How the table on stdout looks, and how often it comes. */
export interface StdoutOptions {
  /** Default: `process.stdout`. */
  readonly stream?: TextStream;
  /**
   * The least time between two rows on the stream, in milliseconds; 0 shows every row. Default 1000,
   * and 200 a line for tables of many lines.
   */
  readonly everyMs?: number;
  /** Significant digits of numbers. Default 4. */
  readonly digits?: number;
  /** True to print nothing. Default: whether the environment has `EXP_QUIET=1`. */
  readonly quiet?: boolean;
}

/**
 * Prints metrics as a small table, grouped by prefix, each with its change since it was last shown.
 * A loop that logs faster than `everyMs` shows the newest value of every metric; the files keep every
 * row, and the end of a run is always shown. Where no terminal shows it, it prints plain lines.
 */
export function stdoutSink(options: StdoutOptions = {}): Sink {
  const { quiet = process.env['EXP_QUIET'] === '1' } = options;
  return {
    name: 'stdout',
    open({ objective }) {
      if (quiet) return { write() {} };
      const printer = new Printer(options, objective);
      return {
        write: (rows) => printer.take(rows),
        close: () => printer.end(),
      };
    },
  };
}

const EVERY_MS = 1_000;
const EVERY_MS_A_LINE = 200;

interface Waiting {
  readonly value: Value;
  readonly step: number;
}

/** Prints rows, those that come too soon after one another as one. */
class Printer {
  readonly #stream: TextStream;
  readonly #everyMs: number | undefined;
  readonly #digits: number;
  readonly #objective: Objective | undefined;
  readonly #widths = new Widths();
  readonly #seen = new Set<string>();
  /** The newest values that were not shown yet, and those that were. */
  #waiting = new Map<string, Waiting>();
  readonly #shown = new Map<string, Value>();
  #newest: Row | undefined;
  /** When the next row may be shown, by the clock of `performance`. */
  #dueAt = 0;

  constructor(
    { stream = process.stdout, everyMs, digits = 4 }: StdoutOptions,
    objective?: Objective,
  ) {
    this.#stream = stream;
    this.#everyMs = everyMs;
    this.#digits = digits;
    this.#objective = objective;
    brokenBy(stream);
  }

  take(rows: readonly Row[]): void {
    for (const [i, row] of rows.entries()) {
      if (this.#everyMs !== 0 && isSuperseded(row, rows[i + 1])) continue;
      row.tags.forEach((tag, i) => {
        // Metrics of the machine are for the files: here they would drown those of the run.
        if (tag.startsWith(`${SYSTEM_PREFIX}/`)) return;
        this.#seen.add(tag);
        this.#waiting.set(tag, { value: row.values[i]!, step: row.step });
      });
      if (this.#waiting.size === 0) continue;
      this.#newest = row;
      if (this.#everyMs === 0) this.#print(row);
    }
    // By the clock and not by the rows: they may have waited for one another.
    const isDue = performance.now() >= this.#dueAt;
    if (isDue && this.#newest !== undefined) this.#print(this.#newest);
  }

  end(): void {
    if (this.#newest !== undefined) this.#print(this.#newest);
  }

  #print(row: Row): void {
    const broken = brokenBy(this.#stream);
    if (broken !== undefined) throw broken;
    const columns = terminalColumns(this.#stream);
    const text = columns === undefined ? this.#line(row) : this.#table(row, columns);
    for (const [tag, { value }] of this.#waiting) this.#shown.set(tag, value);
    this.#waiting = new Map();
    this.#newest = undefined;
    const lines = text.split('\n').length;
    this.#dueAt =
      performance.now() + (this.#everyMs ?? Math.max(EVERY_MS, lines * EVERY_MS_A_LINE));
    this.#stream.write(`${text}\n`);
  }

  #line({ step, elapsed }: Row): string {
    const metrics = [...this.#waiting].map(([tag, one]) => {
      const at = one.step === step ? '' : ` @${one.step}`;
      return `${onOneLine(tag)} ${valueText(one.value, this.#digits)}${at}`;
    });
    return [`step ${step}`, elapsedText(elapsed), ...metrics].join('  ');
  }

  #table({ step, elapsed }: Row, columns: number): string {
    // In the order in which the run first logged them, whichever of them came first this time.
    const tags = [...this.#seen].filter((tag) => this.#waiting.has(tag));
    const cells = tags.map((tag) => this.#cell(tag, this.#waiting.get(tag)!, step));
    const row = { step: String(step), elapsed: elapsedText(elapsed), cells: grouped(cells) };
    return tableText(row, columns, this.#widths, pc);
  }

  #cell(tag: string, { value, step }: Waiting, newest: number): Cell {
    const slash = tag.lastIndexOf('/');
    const change = changeText(value, this.#shown.get(tag), this.#digits);
    const at = step === newest ? '' : `@${step}`;
    return {
      group: onOneLine(tag.slice(0, Math.max(slash, 0))),
      name: onOneLine(tag.slice(slash + 1)),
      value: valueText(value, this.#digits),
      change: [change, at].filter((part) => part !== '').join(' '),
      valueTone: typeof value === 'number' && !Number.isFinite(value) ? 'alarm' : 'plain',
      changeTone: this.#judge(tag, change),
    };
  }

  #judge(tag: string, change: string): Cell['changeTone'] {
    if (change === '' || tag !== this.#objective?.metric) return 'dim';
    const wanted = this.#objective.direction === 'maximize' ? '↑' : '↓';
    return change.startsWith(wanted) ? 'good' : 'bad';
  }
}

/** True for a row of a fast loop: the next one has a newer value of every metric in it. */
function isSuperseded({ tags }: Row, next: Row | undefined): boolean {
  if (next === undefined || tags.length !== next.tags.length) return false;
  for (let i = 0; i < tags.length; i++) if (tags[i] !== next.tags[i]) return false;
  return true;
}

/** Cells without a prefix first, then the groups as they first came. */
function grouped(cells: readonly Cell[]): Cell[] {
  return [
    ...cells.filter(({ group }) => group === ''),
    ...cells.filter(({ group }) => group !== ''),
  ];
}

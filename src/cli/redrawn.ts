import { textWidth } from '../formats/text-width.ts';

/** A stream that a terminal shows. */
interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

/** The last lines of a terminal, drawn again and again. The cursor rests below them. */
export class Redrawn {
  readonly #terminal: Terminal;
  #lines: readonly string[] = [];
  #columns = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Replaces the lines; none may be wider than the terminal. What has not changed is not written. */
  draw(lines: readonly string[]): void {
    const columns = this.#terminal.columns || 80;
    const same = columns === this.#columns && lines.length === this.#lines.length;
    if (same && lines.every((line, i) => line === this.#lines[i])) return;
    this.#terminal.write(this.#home() + drawn(lines) + CLEAR_BELOW);
    [this.#lines, this.#columns] = [lines, columns];
  }

  /** Writes a text above the lines; it ends with a line break. */
  above(text: string): void {
    this.#terminal.write(this.#home() + CLEAR_BELOW + text + drawn(this.#lines));
  }

  /** Takes the lines away. */
  clear(): void {
    this.#terminal.write(this.#home() + CLEAR_BELOW);
    this.#lines = [];
  }

  /**
   * To the start of the first line. A terminal that became narrower has wrapped lines that were drawn
   * before. It may tell us a few frames late: those leave the same number of rows above themselves as
   * they take less, so that one count is right for both.
   */
  #home(): string {
    const columns = this.#terminal.columns || 80;
    const rows = this.#lines.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)),
      0,
    );
    return rows === 0 ? '' : `\r\u001B[${rows}A`;
  }
}

const CLEAR_BELOW = '\u001B[J';

const WRAP_OFF = '\u001B[?7l';
const WRAP_ON = '\u001B[?7h';

// Written over what stands there, in one go: nothing flickers. A line takes one row, even where the
// terminal is narrower than it has told us yet.
function drawn(lines: readonly string[]): string {
  return WRAP_OFF + lines.map((line) => `\u001B[2K${line}\n`).join('') + WRAP_ON;
}

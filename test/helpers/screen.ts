/**
 * A terminal without an end below: it knows the few things that a view needs, wraps what is too wide,
 * and wraps it anew when it becomes narrower, as most terminals do.
 */
export class Screen {
  columns: number;
  #rows: string[] = [''];
  /** Rows that go on in the next one. */
  #wrapped = new Set<number>();
  #row = 0;
  #column = 0;
  #wraps = true;

  constructor(columns: number) {
    this.columns = columns;
  }

  /** What it shows, wrapped rows joined. */
  get lines(): string[] {
    const lines: string[] = [];
    let line = '';
    for (const [i, row] of this.#rows.entries()) {
      line += row;
      if (this.#wrapped.has(i)) continue;
      lines.push(line.trimEnd());
      line = '';
    }
    return lines;
  }

  write(text: string): void {
    for (const [piece, up, mode, printed] of text.matchAll(
      // oxlint-disable-next-line no-control-regex -- they are what a terminal acts on
      /\u001B\[(?:(\d+)A|(\?7[hl])|J|2K)|\r|\n|(.)/g,
    )) {
      if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
      else if (mode !== undefined) this.#wraps = mode === '?7h';
      else if (printed !== undefined) this.#print(printed);
      else if (piece === '\r') this.#column = 0;
      else if (piece === '\n') this.#next(false);
      else if (piece.endsWith('J')) this.#clearBelow();
      else this.#set(this.#row, '');
    }
  }

  resize(columns: number): void {
    const above = this.#rows.slice(0, this.#row);
    const rows: string[] = [];
    const wrapped = new Set<number>();
    for (const line of joined(above, this.#wrapped)) {
      for (let at = 0; at === 0 || at < line.length; at += columns) {
        if (at > 0) wrapped.add(rows.length - 1);
        rows.push(line.slice(at, at + columns));
      }
    }
    this.#row = rows.length;
    this.#rows = [...rows, this.#rows[above.length] ?? ''];
    this.#wrapped = wrapped;
    this.columns = columns;
  }

  #print(char: string): void {
    if (this.#column === this.columns) {
      if (this.#wraps) this.#next(true);
      else this.#column--;
    }
    const row = this.#rows[this.#row]!.padEnd(this.#column);
    this.#set(this.#row, row.slice(0, this.#column) + char + row.slice(this.#column + 1));
    this.#column++;
  }

  #set(row: number, text: string): void {
    this.#rows[row] = text;
  }

  #next(isWrapped: boolean): void {
    if (isWrapped) this.#wrapped.add(this.#row);
    else this.#wrapped.delete(this.#row);
    [this.#row, this.#column] = [this.#row + 1, 0];
    this.#rows[this.#row] ??= '';
  }

  #clearBelow(): void {
    this.#rows.length = this.#row + 1;
    for (const row of this.#wrapped) if (row >= this.#row) this.#wrapped.delete(row);
    this.#set(this.#row, this.#rows[this.#row]!.slice(0, this.#column));
  }
}

function joined(rows: readonly string[], wrapped: ReadonlySet<number>): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [i, row] of rows.entries()) {
    line += row;
    if (wrapped.has(i)) continue;
    lines.push(line);
    line = '';
  }
  return lines;
}

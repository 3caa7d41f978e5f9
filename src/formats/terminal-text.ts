import { StringDecoder } from 'node:string_decoder';
import { markedTime } from './time-mark.ts';

/** Longer lines are broken: what a program never ends must not fill the memory. */
const MAX_LINE = 1 << 20;

/** The most lines that are kept open for a program that draws over earlier ones. */
const MAX_OPEN = 200;

/** A longer sequence is no sequence. */
const MAX_SEQUENCE = 4096;

/** One line of the screen. */
interface Line {
  text: string;
  /** True when the next text starts the line again, as after a carriage return. */
  isReturned: boolean;
  /** False while nothing was written that is not in the result already. */
  isNew: boolean;
}

/**
 * Turns what a program writes to a terminal into lines a file can keep: a carriage return starts the
 * line again, a backspace takes a character back, colour codes are dropped. A progress bar that
 * redraws itself a thousand times leaves its last state.
 *
 * A line is given as soon as it is ended. Once a program moves the cursor up, as many lines as it
 * went are held back, since it will come again: of a block of bars that draws itself again and again,
 * the first state and the last are left.
 */
export class TerminalText {
  readonly #decoder = new StringDecoder('utf8');
  /** The start of a sequence whose rest is still to come. */
  #partial = '';
  #lines: Line[] = [newLine()];
  #at = 0;
  #heldBack = 0;
  #done: string[] = [];

  /** The lines that are complete by now, each without its line break. */
  write(chunk: Uint8Array): string[] {
    this.#read(this.#partial + this.#decoder.write(Buffer.from(chunk)));
    return this.#take();
  }

  /** The lines that were held back, and the last one if it was never ended. */
  end(): string[] {
    const rest = this.#decoder.end();
    this.#partial = '';
    if (rest !== '') this.#print(rest);
    const last = this.#lines.at(-1)!;
    if (last.text === '') last.isNew = false;
    this.#release(0);
    this.#give(this.#lines[0]!);
    this.#lines = [newLine()];
    this.#at = 0;
    this.#heldBack = 0;
    return this.#take();
  }

  #take(): string[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  #read(input: string): void {
    this.#partial = '';
    let from = 0;
    for (const { index, 0: found } of input.matchAll(SPECIAL)) {
      if (index < from) continue;
      this.#print(input.slice(from, index));
      from = index + found.length;
      if (found === '\n') this.#newline();
      else if (found === '\r') this.#line.isReturned = true;
      else if (found === '\b') this.#backspace();
      else if (found !== ESCAPE) this.#obey(found);
      else if (this.#isUnfinished(input.slice(index))) {
        this.#partial = input.slice(index);
        return;
      }
    }
    this.#print(input.slice(from));
  }

  #isUnfinished(rest: string): boolean {
    return rest.length < MAX_SEQUENCE && SEQUENCE_START.test(rest);
  }

  get #line(): Line {
    return this.#lines[this.#at]!;
  }

  #print(text: string): void {
    let rest = text;
    while (rest !== '') {
      const line = this.#line;
      if (line.isReturned) line.text = '';
      line.isReturned = false;
      line.isNew = true;
      const room = MAX_LINE - line.text.length;
      // A character beyond 16 bits must stay whole.
      const cut = /[\uD800-\uDBFF]/.test(rest[room - 1] ?? '') ? room - 1 : room;
      line.text += rest.slice(0, cut);
      rest = rest.slice(cut);
      if (rest !== '') this.#newline();
    }
  }

  #backspace(): void {
    const line = this.#line;
    if (line.isReturned) return;
    const isPair = /[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(line.text.slice(-2));
    line.text = line.text.slice(0, isPair ? -2 : -1);
  }

  #newline(): void {
    this.#at++;
    if (this.#at === this.#lines.length) this.#lines.push(newLine());
    else this.#line.isReturned = true;
    this.#release(this.#heldBack);
  }

  /** Carries out a sequence; those that say how something looks have no part in a line. */
  #obey(sequence: string): void {
    if (sequence.startsWith(`${ESCAPE}]`)) {
      this.#print(markedTime(sequence.slice(2).replace(COMMAND_END, '')) ?? '');
      return;
    }
    const count = Number(/\d+/.exec(sequence)?.[0] ?? 0);
    const final = sequence.at(-1)!;
    if (final === 'A' || final === 'F') this.#up(Math.max(count, 1));
    else if (final === 'B' || final === 'E') this.#down(Math.max(count, 1));
    else if (final === 'H') this.#up(this.#at);
    else if (final === 'G' && count <= 1) this.#line.isReturned = true;
    else if (final === 'K') this.#eraseLine(count);
    else if (final === 'J') this.#eraseBelow(count);
  }

  #up(count: number): void {
    // Lines that were given already: whatever is written there from now on is a new state of them.
    const missing = Math.min(count - this.#at, MAX_OPEN - this.#lines.length);
    for (let i = 0; i < missing; i++) this.#lines.unshift(newLine(false));
    this.#at = Math.max(this.#at + Math.max(missing, 0) - count, 0);
    this.#heldBack = Math.max(this.#heldBack, this.#lines.length - 1 - this.#at);
    this.#line.isReturned = true;
  }

  #down(count: number): void {
    this.#at = Math.min(this.#at + count, this.#lines.length - 1);
    this.#line.isReturned = true;
  }

  #eraseLine(mode: number): void {
    const line = this.#line;
    // Without a column, a cursor that has returned is at the start and any other at the end.
    if (mode === 0 && !line.isReturned) return;
    line.text = '';
  }

  #eraseBelow(mode: number): void {
    if (mode === 1) return;
    if (mode === 0) this.#eraseLine(0);
    for (const line of this.#lines.slice(mode === 0 ? this.#at + 1 : 0)) {
      line.text = '';
      line.isNew = false;
    }
  }

  /** Gives the lines above the last `held` and the one that is open. */
  #release(held: number): void {
    while (this.#lines.length - 1 > held) {
      this.#give(this.#lines.shift()!);
      this.#at = Math.max(this.#at - 1, 0);
    }
  }

  #give(line: Line): void {
    if (line.isNew) this.#done.push(line.text);
  }
}

function newLine(isNew = true): Line {
  return { text: '', isReturned: false, isNew };
}

const ESCAPE = '\u001b';

// Control sequences and commands (ECMA-48): colours, cursor movements, erasing, titles.
const CONTROL = `${ESCAPE}\\[[0-?]*[ -/]*[@-~]`;
const COMMAND = `${ESCAPE}\\][^\u0007${ESCAPE}]*(?:\u0007|${ESCAPE}\\\\)`;
const COMMAND_END = new RegExp(`(?:\u0007|${ESCAPE}\\\\)$`);
const SPECIAL = new RegExp(`${CONTROL}|${COMMAND}|[\n\r\b${ESCAPE}]`, 'g');
const SEQUENCE_START = new RegExp(
  `^${ESCAPE}(?:\\[[0-?]*[ -/]*|\\][^\u0007${ESCAPE}]*${ESCAPE}?)?$`,
);

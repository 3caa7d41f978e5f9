import { StringDecoder } from 'node:string_decoder';

const ESCAPE = '\u001b';
const NAME = 'exptools;';
const START = `${ESCAPE}]${NAME}`;
const END = '\u0007';

// An operating system command (ECMA-48), which terminals ignore when they do not know it.
const MARK = new RegExp(`${ESCAPE}\\]${NAME}([^${END}]*)${END}`, 'g');

/**
 * Stands for the time of a line in what a run writes to its launcher, which makes of it what fits: a
 * short time on the terminal, one with a zone in the file.
 */
export function timeMark(zoned: string): string {
  return `${START}${zoned}${END}`;
}

/** The time that a command of the terminal carries, given without `ESC ]` and its end, if it is a mark. */
export function markedTime(command: string): string | undefined {
  return command.startsWith(NAME) ? command.slice(NAME.length) : undefined;
}

/** Replaces the marks in a stream of chunks, wherever it is cut. */
export class MarkReplacer {
  readonly #decoder = new StringDecoder('utf8');
  readonly #show: (zoned: string) => string;
  #held = '';

  /** @param show what to write for a time. */
  constructor(show: (zoned: string) => string) {
    this.#show = show;
  }

  /** What can be written by now. */
  write(chunk: Uint8Array): string {
    const text = this.#held + this.#decoder.write(Buffer.from(chunk));
    const start = unfinishedAt(text);
    this.#held = text.slice(start);
    return text.slice(0, start).replace(MARK, (_, zoned: string) => this.#show(zoned));
  }

  /** What was held back. */
  end(): string {
    const rest = this.#held + this.#decoder.end();
    this.#held = '';
    return rest;
  }
}

/** Where a mark begins that does not end in this text; its length if there is none. */
function unfinishedAt(text: string): number {
  const at = text.lastIndexOf(ESCAPE);
  if (at === -1) return text.length;
  const rest = text.slice(at);
  const mayBeMark = START.startsWith(rest) || (rest.startsWith(START) && rest.length < 100);
  return mayBeMark && !rest.includes(END) ? at : text.length;
}

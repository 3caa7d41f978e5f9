import { StringDecoder } from 'node:string_decoder';

/**
 * Turns what a program writes to a terminal into lines a file can keep: a carriage return starts the
 * line again, a backspace takes a character back, colour codes are dropped. A progress bar that
 * redraws itself a thousand times leaves its last state.
 */
export class TerminalText {
  readonly #decoder = new StringDecoder('utf8');
  #line = '';

  /** The lines that are complete by now, each without its line break. */
  write(chunk: Uint8Array): string[] {
    const lines = (this.#line + this.#decoder.write(Buffer.from(chunk))).split('\n');
    this.#line = lines.pop() ?? '';
    this.#line = newestState(this.#line);
    return lines.map(interpret);
  }

  /** The last line, if it was never ended. */
  end(): string[] {
    const rest = interpret(this.#line + this.#decoder.end());
    this.#line = '';
    return rest === '' ? [] : [rest];
  }
}

const ESCAPE = '\u001b';

// CSI sequences (ECMA-48): colours, cursor movements, erasing.
const CONTROL = new RegExp(`${ESCAPE}\\[[0-?]*[ -/]*[@-~]`, 'g');

// The start of such a sequence, whose rest is still to come.
const CONTROL_START = new RegExp(`${ESCAPE}(\\[[0-?]*[ -/]*)?$`);

/** What an unfinished line needs to keep: all after the last carriage return with text behind it. */
function newestState(line: string): string {
  const blank = line.replace(CONTROL, (codes) => ' '.repeat(codes.length));
  const end = blank.replace(CONTROL_START, '').replace(/[ \r]+$/, '').length;
  return line.slice(blank.lastIndexOf('\r', end - 1) + 1);
}

function interpret(line: string): string {
  const plain = line.replace(CONTROL, '').replace(/\r+$/, '');
  const drawn = plain.slice(plain.lastIndexOf('\r') + 1);
  if (!drawn.includes('\b')) return drawn;
  const kept: string[] = [];
  for (const char of drawn) {
    if (char === '\b') kept.pop();
    else kept.push(char);
  }
  return kept.join('');
}

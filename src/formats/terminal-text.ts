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
    // An unfinished line that was redrawn needs only its newest state.
    const redrawn = this.#line.lastIndexOf('\r', this.#line.length - 2);
    if (redrawn > 0) this.#line = this.#line.slice(redrawn + 1);
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

import { join } from 'node:path';
import { RUN_FILES } from '../core/layout.ts';
import { AppendFile } from '../files/append-file.ts';
import { TerminalText } from '../formats/terminal-text.ts';

const TAIL_LINES = 20;

type Stream = 'stdout' | 'stderr';

/**
 * Keeps what a run prints in its `output.log`, line by line, and remembers the last lines of stderr.
 * A disk that is full costs the log, never the run.
 */
export class OutputLog {
  readonly #texts: Readonly<Record<Stream, TerminalText>> = {
    stdout: new TerminalText(),
    stderr: new TerminalText(),
  };
  readonly #tail: string[] = [];
  #early: string[] = [];
  #file: AppendFile | undefined;

  /** From here on the run has a directory; what it printed before is not lost. */
  open(runDir: string): void {
    this.#file = new AppendFile(join(runDir, RUN_FILES.output));
    this.#put(this.#early);
    this.#early = [];
  }

  write(stream: Stream, chunk: Uint8Array): void {
    this.#add(stream, this.#texts[stream].write(chunk));
  }

  close(): void {
    for (const stream of ['stdout', 'stderr'] as const)
      this.#add(stream, this.#texts[stream].end());
    this.#file?.close();
    this.#file = undefined;
  }

  /** The last lines of stderr. */
  get stderrTail(): readonly string[] {
    return this.#tail;
  }

  /** The last line of stderr that is no frame of a stack. */
  get lastWords(): string | undefined {
    return this.#tail.findLast((line) => !/^\s+at /.test(line));
  }

  #add(stream: Stream, lines: readonly string[]): void {
    if (stream === 'stderr') {
      this.#tail.push(...lines.slice(-TAIL_LINES));
      this.#tail.splice(0, this.#tail.length - TAIL_LINES);
    }
    if (this.#file === undefined) this.#early.push(...lines);
    else this.#put(lines);
  }

  #put(lines: readonly string[]): void {
    if (lines.length === 0) return;
    try {
      this.#file?.append(`${lines.join('\n')}\n`);
    } catch (error) {
      process.stderr.write(`exptools: ${this.#file?.path} is incomplete: ${String(error)}\n`);
      this.#file?.close();
      this.#file = undefined;
    }
  }
}

import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { outputTail, RUN_FILES } from '../core/layout.ts';
import { CappedFile } from '../files/capped-file.ts';
import { TerminalText } from '../formats/terminal-text.ts';
import { outputLimit } from './output-limit.ts';

const TAIL_LINES = 20;
/** How the last line begins that V8 writes before it aborts. */
const FATAL = 'FATAL ERROR: ';

/** Frames of a stack, parts of code, fields of an error; and what Node writes below them all. */
const BELOW_ANOTHER = /^\s|^}|^Node\.js v\d/;

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
  #fatalError: string | undefined;
  /** What came before the file was there; afterwards nothing waits. */
  #early: string[] | undefined = [];
  #file: CappedFile | undefined;

  /** From here on the run has a directory; what it printed before is not lost. */
  open(runDir: string): void {
    const path = join(runDir, RUN_FILES.output);
    const early = this.#early;
    this.#early = undefined;
    try {
      this.#file = new CappedFile(path, outputLimit(), (n) => join(runDir, outputTail(n)));
    } catch (error) {
      process.stderr.write(`exptools: ${path} cannot be written: ${messageOf(error)}\n`);
      return;
    }
    this.#put(early ?? []);
  }

  write(stream: Stream, chunk: Uint8Array): void {
    this.#add(stream, this.#texts[stream].write(chunk));
  }

  /** Adds a line of our own. */
  line(text: string): void {
    this.#put([text]);
  }

  /** Writes lines that were never ended: nothing more is printed. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const)
      this.#add(stream, this.#texts[stream].end());
  }

  close(): void {
    this.flush();
    this.#attempt((file) => file.close());
    this.#file = undefined;
  }

  /** The last lines of stderr. */
  get stderrTail(): readonly string[] {
    return this.#tail;
  }

  /** What stderr ended with: the last line that does not belong to one above it. */
  get lastWords(): string | undefined {
    const said = this.#tail.filter((line) => line.trim() !== '');
    return said.findLast((line) => !BELOW_ANOTHER.test(line)) ?? said.at(-1)?.trim();
  }

  /** What V8 wrote to stderr as it gave up; the frames below it may be many. */
  get fatalError(): string | undefined {
    return this.#fatalError;
  }

  #add(stream: Stream, lines: readonly string[]): void {
    if (stream === 'stderr') {
      this.#fatalError = lines.findLast((line) => line.startsWith(FATAL)) ?? this.#fatalError;
      this.#tail.push(...lines.slice(-TAIL_LINES));
      this.#tail.splice(0, this.#tail.length - TAIL_LINES);
    }
    this.#put(lines);
  }

  #put(lines: readonly string[]): void {
    if (this.#early !== undefined) this.#early.push(...lines);
    else if (lines.length > 0) this.#attempt((file) => file.append(lines));
  }

  #attempt(work: (file: CappedFile) => void): void {
    const file = this.#file;
    if (file === undefined) return;
    try {
      work(file);
    } catch (error) {
      this.#file = undefined;
      process.stderr.write(`exptools: ${file.path} is incomplete: ${messageOf(error)}\n`);
      file.abandon();
    }
  }
}

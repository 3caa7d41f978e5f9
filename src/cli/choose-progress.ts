import type { SweepState } from '../sweeper/sweep-state.ts';
import { JsonEvents } from './json-events.ts';
import { LiveView } from './live-view.ts';
import { PlainLines } from './plain-lines.ts';
import type { SweepProgress } from './sweep-progress.ts';

/** How a sweep is shown. */
interface ProgressOptions {
  readonly quiet?: boolean;
  /** True for events on stdout. */
  readonly json?: boolean;
  /** False where runs print to the same terminal. Default true. */
  readonly isLive?: boolean;
}

/**
 * What shows a sweep: events on stdout for programs; else a view that redraws itself where stderr is a
 * terminal, and lines elsewhere; nothing with `quiet`.
 */
export function chooseProgress(
  state: SweepState,
  { quiet = false, json = false, isLive = true }: ProgressOptions,
  stderr: NodeJS.WriteStream = process.stderr,
): SweepProgress {
  if (json) return new JsonEvents(state, process.stdout);
  if (quiet) return new Quiet(stderr);
  const canRedraw = isLive && stderr.isTTY && process.env['TERM'] !== 'dumb';
  return canRedraw ? new LiveView(state, stderr) : new PlainLines(state, stderr);
}

class Quiet implements SweepProgress {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(): void {}

  update(): void {}

  say(text: string): void {
    this.#stream.write(text);
  }

  end(): void {}
}

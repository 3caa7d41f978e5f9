import type { SweepEnding, SweepUpdate } from '../sweeper/execute-sweep.ts';
import type { SweepState } from '../sweeper/sweep-state.ts';
import { fitted, liveLines, widestLabel } from './live-text.ts';
import { eventLine } from './progress-text.ts';
import { Redrawn } from './redrawn.ts';
import { headline, summaryLine } from './sweep-report.ts';
import type { SweepBeginning, SweepProgress } from './sweep-progress.ts';

const FRAME_MS = 150;
const LEAST_LABEL = 16;
/** Beside a long variant there is to be room for why the run failed. */
const LABEL_SHARE = 2.5;

/** A view of a sweep that redraws itself on a terminal; runs that fail are named above it. */
export class LiveView implements SweepProgress {
  readonly #state: SweepState;
  readonly #stream: NodeJS.WriteStream;
  readonly #view: Redrawn;
  readonly #labelWidth: number;
  readonly #render = (): void => this.#view.draw(this.#lines());
  #timer: NodeJS.Timeout | undefined;

  constructor(state: SweepState, stream: NodeJS.WriteStream) {
    this.#state = state;
    this.#stream = stream;
    this.#view = new Redrawn(stream);
    this.#labelWidth = widestLabel(state);
  }

  begin({ slots, notes }: SweepBeginning): void {
    this.#stream.write([headline(this.#state.plan, slots), ...notes].join(''));
    this.#timer = setInterval(this.#render, FRAME_MS);
    this.#stream.on('resize', this.#render);
  }

  update(event: SweepUpdate): void {
    if (event.type === 'ended' && event.run.status === 'completed') return;
    const columns = this.#stream.columns || 80;
    const line = eventLine(this.#state, event, Math.max(LEAST_LABEL, columns / LABEL_SHARE));
    if (line !== undefined) this.say(`${fitted(line, columns)}\n`);
  }

  // Below the view, a text would be taken for part of it.
  say(text: string): void {
    this.#view.above(text);
  }

  end(ending: SweepEnding | undefined): void {
    clearInterval(this.#timer);
    this.#stream.off('resize', this.#render);
    this.#view.clear();
    if (ending !== undefined) this.#stream.write(summaryLine(this.#state, ending));
  }

  // Programs that make terminals do not always say how large they are.
  #lines(): string[] {
    const { columns, rows } = this.#stream;
    const size = { columns: columns || 80, rows: rows || 24 };
    return liveLines(this.#state, { ...size, labelWidth: this.#labelWidth });
  }
}

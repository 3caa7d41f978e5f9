import type { SweepEnding, SweepUpdate } from '../sweeper/execute-sweep.ts';
import type { SweepState } from '../sweeper/sweep-state.ts';
import { durationText } from './format.ts';
import { countsText, endedCount, eventLine, remainingText } from './progress-text.ts';
import { headline, summaryLine } from './sweep-report.ts';
import type { SweepBeginning, SweepProgress } from './sweep-progress.ts';

const SILENCE_MS = 60_000;

/** A line for every run that ends, and one about all of them where none has ended for a minute. */
export class PlainLines implements SweepProgress {
  readonly #state: SweepState;
  readonly #stream: NodeJS.WritableStream;
  readonly #silenceMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(state: SweepState, stream: NodeJS.WritableStream, silenceMs: number = SILENCE_MS) {
    this.#state = state;
    this.#stream = stream;
    this.#silenceMs = silenceMs;
  }

  begin({ slots, notes }: SweepBeginning): void {
    this.say([headline(this.#state.plan, slots), ...notes].join(''));
    this.#timer = setInterval(() => this.say(`${standLine(this.#state)}\n`), this.#silenceMs);
  }

  update(event: SweepUpdate): void {
    const line = eventLine(this.#state, event);
    if (line === undefined) return;
    this.say(`${line}\n`);
    this.#timer?.refresh();
  }

  say(text: string): void {
    this.#stream.write(text);
  }

  end(ending: SweepEnding | undefined): void {
    clearInterval(this.#timer);
    if (ending !== undefined) this.say(summaryLine(this.#state, ending));
  }
}

/** `12/100 · 12 done · 4 running · 84 waiting · 5 m 2 s · about 30 m left`. */
function standLine({ counts, elapsedMs, remaining }: SweepState): string {
  const left = remainingText(remaining);
  return [
    `${endedCount(counts)}/${counts.total}`,
    countsText(counts),
    durationText(elapsedMs),
    ...(left === '' ? [] : [left]),
  ].join(' · ');
}

import { stripVTControlCharacters } from 'node:util';
import { brokenBy } from '../core/broken-stream.ts';
import { jsonLine } from '../core/json.ts';
import type { RunSpec } from '../core/run-spec.ts';
import type { SweepEnding, SweepUpdate } from '../sweeper/execute-sweep.ts';
import type { ActiveRun, FinishedRun, SweepState } from '../sweeper/sweep-state.ts';
import type { SweepBeginning, SweepProgress } from './sweep-progress.ts';

const PROGRESS_EVERY_MS = 1000;

/**
 * What happens in a sweep as JSON lines, for programs: `planned`, then `started`, `progress` (at most
 * one a second for each run), `retry` and `ended` of runs, at last `finished`; a `note` is a line for
 * people. Times are ISO 8601, durations seconds; numbers that JSON lacks are `"nan"`, `"inf"`,
 * `"-inf"`. A reader who goes away ends the lines, and nothing else.
 */
export class JsonEvents implements SweepProgress {
  readonly #state: SweepState;
  readonly #stream: NodeJS.WritableStream;
  readonly #errors: NodeJS.WritableStream;
  readonly #reportedAt = new Map<string, number>();

  constructor(
    state: SweepState,
    stream: NodeJS.WritableStream,
    errors: NodeJS.WritableStream = process.stderr,
  ) {
    this.#state = state;
    this.#stream = stream;
    this.#errors = errors;
  }

  begin({ dir, slots, notes }: SweepBeginning): void {
    const { id, experiment, keys, repeats, objective, runs } = this.#state.plan;
    const plan = { sweep: id, experiment, dir, keys, repeats, objective, runs: runs.length, slots };
    this.#emit('planned', {
      ...plan,
      notes: notes.map((note) => stripVTControlCharacters(note).trimEnd()),
    });
  }

  update(event: SweepUpdate): void {
    if (event.type === 'started') this.#started(event.run);
    else if (event.type === 'progress') this.#progress(event.run);
    else if (event.type === 'ended') this.#ended(event.run);
    else if (event.type === 'retry') this.#retry(event);
    else this.#emit('note', { text: event.text });
  }

  say(text: string): void {
    this.#errors.write(text);
  }

  end(ending: SweepEnding | undefined): void {
    if (ending === undefined) return;
    const { counts, elapsedMs, best, metric } = this.#state;
    const { total: _total, running: _running, ...ends } = counts;
    this.#emit('finished', {
      status: ending,
      ...ends,
      elapsed: elapsedMs / 1000,
      ...(best !== undefined && {
        best: {
          variant: best.variant,
          metric,
          mean: best.mean,
          n: best.values.size,
          runs: [...best.values.keys()],
        },
      }),
    });
  }

  #started({ spec, slot }: ActiveRun): void {
    const { dir, seed } = spec;
    this.#emit('started', { ...placeOf(spec), seed, slot: slot.index, dir });
  }

  #progress(run: ActiveRun): void {
    const { spec, slot, progress } = run;
    const now = performance.now();
    if (now - (this.#reportedAt.get(spec.id) ?? -Infinity) < PROGRESS_EVERY_MS) return;
    this.#reportedAt.set(spec.id, now);
    this.#emit('progress', {
      run: spec.id,
      slot: slot.index,
      step: progress?.step,
      rate: this.#state.rateOf(run),
      elapsed: this.#state.elapsedOf(run) / 1000,
      metrics: progress?.metrics,
    });
  }

  #ended({ spec, status, reason, metric, value, ms }: FinishedRun): void {
    this.#reportedAt.delete(spec.id);
    const { total, completed, failed, interrupted } = this.#state.counts;
    const counts = { completed, failed, interrupted, total };
    const elapsed = ms / 1000;
    this.#emit('ended', { ...placeOf(spec), status, reason, metric, value, elapsed, ...counts });
  }

  #retry({ run, retry }: SweepUpdate & { type: 'retry' }): void {
    const { spec, status, reason } = run;
    const { attempt, of, delayMs } = retry;
    this.#emit('retry', { ...placeOf(spec), status, reason, attempt, of, delay: delayMs / 1000 });
  }

  #emit(event: string, fields: object): void {
    if (brokenBy(this.#stream) !== undefined) return;
    const line = jsonLine({ event, time: new Date().toISOString(), ...fields });
    this.#stream.write(`${line}\n`);
  }
}

function placeOf({ id, sweep }: RunSpec): object {
  return { run: id, variant: sweep?.variant, repeat: sweep?.repeat };
}

import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { retryText } from './run-policy.ts';
import type { Retry } from '../launch/run-all.ts';
import { durationText, numberText, statusText, table, valuesText } from './format.ts';
import type { SweepListener } from '../sweeper/execute-sweep.ts';
import type { ActiveRun, FinishedRun, SweepState } from '../sweeper/sweep-state.ts';

/** Shows a sweep while it runs. */
export interface SweepProgress extends SweepListener {
  /** Prints a text between what is shown. */
  say(text: string): void;
  close(): void;
}

/** A view that redraws itself on a terminal; a line for every finished run elsewhere. */
export function sweepProgress(
  state: SweepState,
  stream: NodeJS.WriteStream,
  { quiet, isLive = true }: { readonly quiet: boolean; readonly isLive?: boolean },
): SweepProgress {
  if (quiet) return new Quiet(stream);
  return stream.isTTY && isLive ? new LiveView(state, stream) : new Lines(state, stream);
}

class Quiet implements SweepProgress {
  protected readonly stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  update(_ended?: FinishedRun): void {}

  retrying(_failed: FinishedRun, _retry: Retry): void {}

  note(text: string): void {
    this.say(`${text}\n`);
  }

  say(text: string): void {
    this.stream.write(text);
  }

  close(): void {}
}

class Lines extends Quiet {
  readonly #state: SweepState;

  constructor(state: SweepState, stream: NodeJS.WriteStream) {
    super(stream);
    this.#state = state;
  }

  override update(ended?: FinishedRun): void {
    if (ended !== undefined) this.say(`${endLine(this.#state, ended)}\n`);
  }

  override retrying(failed: FinishedRun, retry: Retry): void {
    this.say(`${retryLine(this.#state, failed, retry)}\n`);
  }
}

const FRAME_MS = 100;

class LiveView implements SweepProgress {
  readonly #state: SweepState;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #stream: NodeJS.WriteStream;
  readonly #timer: NodeJS.Timeout;

  constructor(state: SweepState, stream: NodeJS.WriteStream) {
    this.#state = state;
    this.#stream = stream;
    this.#draw = createLogUpdate(stream, { showCursor: true });
    this.#timer = setInterval(() => this.#render(), FRAME_MS);
  }

  update(ended?: FinishedRun): void {
    if (ended === undefined || ended.status === 'completed') return;
    this.say(`${fit(endLine(this.#state, ended), this.#stream.columns)}\n`);
  }

  retrying(failed: FinishedRun, retry: Retry): void {
    this.say(`${fit(retryLine(this.#state, failed, retry), this.#stream.columns)}\n`);
  }

  note(text: string): void {
    this.say(`${text}\n`);
  }

  // Below the view, a text would be taken for part of it: the view makes room and comes back.
  say(text: string): void {
    this.#draw.clear();
    this.#stream.write(text);
    this.#render();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw.clear();
    this.#draw.done();
  }

  #render(): void {
    this.#draw(liveText(this.#state, this.#stream));
  }
}

/** `retry  lr=0.1  failed: its disk was full; attempt 2 of 3 in 1s`. */
function retryLine({ plan }: SweepState, failed: FinishedRun, retry: Retry): string {
  const { spec, status, reason } = failed;
  const what = `${valuesText(spec.sweep!.variant)}${repeatText(plan.repeats, spec.sweep!.repeat)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${pc.yellow('retry')}  ${what}  ${statusText(status)}${why}; ${retryText(retry)}`;
}

function endLine({ finished, plan, metric }: SweepState, run: FinishedRun): string {
  const total = plan.runs.length;
  const count = `${String(finished.length).padStart(String(total).length)}/${total}`;
  const value = run.value === undefined ? '' : `  ${metric} ${numberText(run.value)}`;
  const reason = run.reason === undefined ? '' : `  ${run.reason}`;
  const what = `${valuesText(run.spec.sweep!.variant)}${repeatText(plan.repeats, run.spec.sweep!.repeat)}`;
  return `${pc.dim(count)}  ${statusText(run.status)}  ${what}${value}${reason}  ${pc.dim(durationText(run.ms))}`;
}

/**
 * The live view as text: a bar, a line for every slot, the best variant so far. No line is wider
 * than the terminal, and there are fewer lines than it has rows: it could not be redrawn otherwise.
 */
export function liveText(
  state: SweepState,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const { plan, finished, active, failed } = state;
  const total = plan.runs.length;
  const remaining = state.remainingMs;
  const counts = [
    `${finished.length}/${total}`,
    ...(failed.length > 0 ? [pc.red(`${failed.length} failed`)] : []),
    `${active.size} running`,
    durationText(performance.now() - state.startedAt),
    ...(remaining === undefined ? [] : [`about ${durationText(remaining)} left`]),
  ].join(pc.dim(' · '));
  const width = Math.max(10, Math.min(30, columns - 60));
  const best = bestSoFar(state);
  return [
    `${bar(finished.length / total, width)}  ${counts}`,
    ...slotLines(state, columns, rows - FIXED_LINES),
    ...(best === undefined ? [] : [best]),
  ]
    .map((line) => fit(line, columns))
    .join('\n');
}

// The bar, the head of the table, how many slots it leaves out, the best, and where the cursor is.
const FIXED_LINES = 5;
const MOST_METRICS = 3;

/** The table of slots: as many lines as there is room for, as many metrics as fit beside each. */
function slotLines({ plan, active }: SweepState, columns: number, room: number): string[] {
  if (active.size === 0) return [];
  const bySlot = [...active.values()].sort((a, b) => a.slot.index - b.slot.index);
  const shown = bySlot.slice(0, Math.max(1, room));
  const hidden = bySlot.length - shown.length;
  const more = hidden === 0 ? [] : [pc.dim(`and ${hidden} more`)];
  const head = ['slot', 'variant', 'step', 'metrics'];
  for (let metrics = MOST_METRICS; ; metrics--) {
    const cells = shown.map((run) => slotCells(run, plan.repeats, metrics));
    const lines = table(head, cells, [2]).split('\n');
    if (metrics === 0 || lines.every((line) => widthOf(line) <= columns))
      return [...lines, ...more];
  }
}

function slotCells({ spec, slot, progress }: ActiveRun, repeats: number, most: number): string[] {
  const metrics = Object.entries(progress?.metrics ?? {})
    .slice(0, most)
    .map(([tag, value]) => `${pc.dim(tag)} ${numberText(value)}`);
  return [
    String(slot.index),
    `${valuesText(spec.sweep!.variant)}${repeatText(repeats, spec.sweep!.repeat)}`,
    progress === undefined ? pc.dim('starting') : String(progress.step),
    metrics.join('  '),
  ];
}

function bestSoFar({ metric, best }: SweepState): string | undefined {
  if (best === undefined) return undefined;
  return `${pc.dim('best')}  ${metric} ${pc.green(numberText(best.value))}  ${valuesText(best.spec.sweep!.variant)}`;
}

function repeatText(repeats: number, repeat: number): string {
  return repeats === 1 ? '' : pc.dim(` #${repeat + 1}`);
}

function bar(share: number, width: number): string {
  const full = Math.round(share * width);
  return pc.green('━'.repeat(full)) + pc.dim('━'.repeat(width - full));
}

/** The line, or as much of it as fits; what is cut loses its colours. */
function fit(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  return `${stripVTControlCharacters(line).slice(0, columns - 1)}…`;
}

function widthOf(line: string): number {
  return stripVTControlCharacters(line).length;
}

import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { durationText, numberText, statusText, table, valuesText } from './format.ts';
import type { ActiveRun, FinishedRun, SweepState } from './sweep-state.ts';

/** Shows a sweep while it runs. */
export interface SweepProgress {
  /** Called whenever the state has changed. */
  update(ended?: FinishedRun): void;
  close(): void;
}

/** A view that redraws itself on a terminal; a line for every finished run elsewhere. */
export function sweepProgress(state: SweepState, stream: NodeJS.WriteStream): SweepProgress {
  return stream.isTTY ? new LiveView(state, stream) : new Lines(state, stream);
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
    if (ended !== undefined && ended.status !== 'completed') {
      this.#draw.clear();
      this.#stream.write(`${endLine(this.#state, ended)}\n`);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw.clear();
    this.#draw.done();
  }

  #render(): void {
    this.#draw(liveText(this.#state, this.#stream.columns));
  }
}

class Lines implements SweepProgress {
  readonly #state: SweepState;
  readonly #stream: NodeJS.WriteStream;

  constructor(state: SweepState, stream: NodeJS.WriteStream) {
    this.#state = state;
    this.#stream = stream;
  }

  update(ended?: FinishedRun): void {
    if (ended !== undefined) this.#stream.write(`${endLine(this.#state, ended)}\n`);
  }

  close(): void {}
}

function endLine({ finished, plan, metric }: SweepState, run: FinishedRun): string {
  const total = plan.runs.length;
  const count = `${String(finished.length).padStart(String(total).length)}/${total}`;
  const value = run.value === undefined ? '' : `  ${metric} ${numberText(run.value)}`;
  const reason = run.reason === undefined ? '' : `  ${run.reason}`;
  const what = `${valuesText(run.spec.sweep!.variant)}${repeatText(plan.repeats, run.spec.sweep!.repeat)}`;
  return `${pc.dim(count)}  ${statusText(run.status)}  ${what}${value}${reason}  ${pc.dim(durationText(run.ms))}`;
}

/** The live view as text: a bar, a line for every slot, the best variant so far. */
function liveText(state: SweepState, columns: number): string {
  const { plan, finished, active } = state;
  const total = plan.runs.length;
  const failed = finished.filter(({ status }) => status !== 'completed').length;
  const remaining = state.remainingMs;
  const counts = [
    `${finished.length}/${total}`,
    ...(failed > 0 ? [pc.red(`${failed} failed`)] : []),
    `${active.size} running`,
    durationText(performance.now() - state.startedAt),
    ...(remaining === undefined ? [] : [`about ${durationText(remaining)} left`]),
  ].join(pc.dim(' · '));
  const width = Math.max(10, Math.min(30, columns - 60));
  const rows = [...active.values()]
    .sort((a, b) => a.slot.index - b.slot.index)
    .map(slotCells(plan.repeats));
  const best = bestSoFar(state);
  return [
    `${bar(finished.length / total, width)}  ${counts}`,
    ...(rows.length > 0 ? [table(['slot', 'variant', 'step', 'metrics'], rows, [2])] : []),
    ...(best === undefined ? [] : [best]),
  ].join('\n');
}

function slotCells(repeats: number): (run: ActiveRun) => string[] {
  return ({ spec, slot, progress }) => {
    const metrics = Object.entries(progress?.metrics ?? {}).map(
      ([tag, value]) => `${pc.dim(tag)} ${numberText(value)}`,
    );
    return [
      String(slot.index),
      `${valuesText(spec.sweep!.variant)}${repeatText(repeats, spec.sweep!.repeat)}`,
      progress === undefined ? pc.dim('starting') : String(progress.step),
      metrics.slice(0, 3).join('  '),
    ];
  };
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

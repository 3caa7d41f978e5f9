import pc from 'picocolors';
import type { RunSpec } from '../core/run-spec.ts';
import { cutMiddle, textWidth } from '../formats/text-width.ts';
import type { SweepUpdate } from '../sweeper/execute-sweep.ts';
import type { Remaining } from '../sweeper/remaining.ts';
import type { FinishedRun, SweepCounts, SweepState } from '../sweeper/sweep-state.ts';
import { coarseDurationText, durationText, numberText, statusText, valueText } from './format.ts';
import { retryText } from './run-policy.ts';

/** `12 done · 1 failed · 4 running · 1 waiting`; what there is none of is left out. */
export function countsText(counts: SweepCounts): string {
  const { completed, failed, interrupted, running, retrying, waiting } = counts;
  const parts: [number, string, (text: string) => string][] = [
    [completed, 'done', pc.green],
    [failed, 'failed', pc.red],
    [interrupted, 'interrupted', pc.yellow],
    [running, 'running', pc.cyan],
    [retrying, 'to try again', pc.yellow],
    [waiting, 'waiting', String],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word, color]) => color(`${count} ${word}`))
    .join(pc.dim(' · '));
}

/** How many runs are over. */
export function endedCount({ completed, failed, interrupted }: SweepCounts): number {
  return completed + failed + interrupted;
}

/** `about 2 m left`; nothing where it is not known. */
export function remainingText(remaining: Remaining | undefined): string {
  if (remaining === undefined) return '';
  return `${remaining.isLeast ? 'at least' : 'about'} ${coarseDurationText(remaining.ms)} left`;
}

/**
 * The line that stays of what has happened, if one does.
 * @param labelWidth what the variant may take of it.
 */
export function eventLine(
  state: SweepState,
  event: SweepUpdate,
  labelWidth: number = Infinity,
): string | undefined {
  if (event.type === 'ended') return endLine(state, event.run, labelWidth);
  if (event.type === 'retry') return retryLine(state, event, labelWidth);
  return event.type === 'note' ? event.text : undefined;
}

/** `12/100  completed  lr=0.1 #2  loss 0.5  3 s`: the end of a run. */
function endLine(state: SweepState, run: FinishedRun, labelWidth: number): string {
  const { counts, metric } = state;
  const total = String(counts.total);
  const count = `${String(endedCount(counts)).padStart(total.length)}/${total}`;
  const value = run.value === undefined ? '' : `  ${metric} ${numberText(run.value)}`;
  const reason = run.reason === undefined ? '' : `  ${run.reason}`;
  const label = runLabel(run.spec, state.plan.repeats, labelWidth);
  return `${pc.dim(count)}  ${statusText(run.status)}  ${label}${value}${reason}  ${pc.dim(durationText(run.ms))}`;
}

/** `retry  lr=0.1 #2  failed: its disk was full; attempt 2 of 3 in 1s`. */
function retryLine(
  { plan }: SweepState,
  { run, retry }: SweepUpdate & { type: 'retry' },
  labelWidth: number,
): string {
  // the reason may be a sentence of its own
  const why = run.reason === undefined ? '' : `: ${run.reason.replace(/\.$/, '')}`;
  const what = `${runLabel(run.spec, plan.repeats, labelWidth)}  ${statusText(run.status)}${why}`;
  return `${pc.yellow('retry')}  ${what}; ${retryText(retry)}`;
}

/** `lr=0.1 optimizer=sgd #2`; of a long one, as much as fits into `width` columns. */
export function runLabel({ sweep }: RunSpec, repeats: number, width: number = Infinity): string {
  const end = repeats === 1 ? '' : ` #${(sweep?.repeat ?? 0) + 1}`;
  return variantLabel(sweep?.variant ?? {}, width - end.length) + end;
}

const VALUE_WIDTHS = [Infinity, 40, 24, 16, 10, 6];

/** `lr=0.1 optimizer=sgd`; long values are cut before the whole is, so that every key shows. */
export function variantLabel(
  values: Readonly<Record<string, unknown>>,
  width: number = Infinity,
): string {
  let label = '';
  for (const valueWidth of VALUE_WIDTHS) {
    label = Object.entries(values)
      .map(([key, value]) => `${key}=${cutMiddle(valueText(value), valueWidth)}`)
      .join(' ');
    if (textWidth(label) <= width) return label;
  }
  return cutMiddle(label, width);
}

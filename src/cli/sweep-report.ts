import { relative } from 'node:path';
import pc from 'picocolors';
import { suggest } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import { experimentDir } from '../core/layout.ts';
import { tryReadManifest } from '../store/manifest-file.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import { lossTexts } from './loss-text.ts';
import type { FinishedRun, SweepState } from '../sweeper/sweep-state.ts';
import { wasRead } from './unused-keys.ts';
import { variantTable } from './variant-table.ts';

/** The first line of a sweep: what will run. */
export function headline(
  { experiment, id, keys, repeats, runs }: SweepPlan,
  slots: number,
): string {
  const variants = new Set(runs.map(({ sweep }) => sweep?.variantIndex)).size;
  const title = sweepTitle(experiment, { keys, repeats, variants, slots });
  return `${title}  ${pc.dim(`sweep ${id.slice(-6)}`)}\n`;
}

/** What a sweep is made of. */
interface SweepSize {
  readonly keys: readonly string[];
  readonly repeats: number;
  readonly variants: number;
  readonly slots: number;
}

/** `digits  6 variants of lr × optimizer × 2 repeats, 4 at once`. */
export function sweepTitle(
  experiment: string,
  { keys, repeats, variants, slots }: SweepSize,
): string {
  const times = repeats === 1 ? '' : ` × ${repeats} repeats`;
  const swept = keys.length === 0 ? '' : ` of ${keys.join(' × ')}`;
  const plural = variants === 1 ? '' : 's';
  return `${pc.bold(experiment)}  ${variants} variant${plural}${swept}${times}, ${slots} at once`;
}

/**
 * The end of a sweep: the table of variants, where the runs are, what to type next.
 * @param flag what the commands to type need to find the run root; `undefined` where nothing is kept.
 */
export function report(state: SweepState, root: string, flag: string | undefined): string {
  const { plan, finished, best } = state;
  if (finished.length === 0) return '';
  const found = [
    '',
    variantTable(state),
    ...objectiveNote(state),
    ...unreadNotes(state),
    ...codeNotes(state),
    '',
  ];
  if (flag === undefined) return found.join('\n');
  const here = relative('', experimentDir(root, plan.experiment)) || '.';
  const next = [
    `npx run-exp ls --sweep ${plan.id.slice(-6)}${flag}`,
    ...(best === undefined ? [] : [`npx run-exp show ${best.spec.id.slice(-6)}${flag}`]),
    `tensorboard --logdir ${here}`,
  ];
  return [
    ...found,
    `${pc.dim('runs')}  ${here}`,
    ...next.map((command, i) => `${pc.dim(i === 0 ? 'next' : '    ')}  ${command}`),
    '',
  ].join('\n');
}

/** Says so when no run has the metric the sweep is to be judged by: it may be misspelt. */
function objectiveNote({ plan, finished }: SweepState): string[] {
  const done = finished.filter(({ status }) => status === 'completed');
  const [first] = done;
  if (plan.objective === undefined || first === undefined) return [];
  if (done.some(({ value }) => value !== undefined)) return [];
  const { result, summary = {} } = tryReadManifest(first.spec.dir) ?? {};
  const known = [...Object.keys(isPlainObject(result) ? result : {}), ...Object.keys(summary)];
  const { metric } = plan.objective;
  return ['', pc.yellow(`No run has the objective "${metric}". ${suggest(metric, known)}`)];
}

/** Says so when a key was swept that no run has read: its values made no difference. */
function unreadNotes({ plan, finished }: SweepState): string[] {
  if (!finished.some(({ status }) => status === 'completed')) return [];
  const records = finished
    .map(({ spec }) => tryReadManifest(spec.dir)?.reads)
    .filter((reads) => reads !== undefined);
  if (records.length === 0) return [];
  const unread = plan.keys.filter(
    (key) => key !== 'seed' && !records.some((reads) => wasRead(reads, key)),
  );
  return unread.map((key) => pc.yellow(`${key} was swept but never read.`));
}

/** Says so when not all runs had the code that the sweep was planned with. */
function codeNotes({ finished }: SweepState): string[] {
  const changes = finished.flatMap(({ spec }) => spec.sweep?.codeChanged ?? []);
  if (changes.length === 0) return [];
  const runs = finished.filter(({ spec }) => spec.sweep?.codeChanged !== undefined).length;
  const files = [...new Set(changes)].map((file) => relative('', file));
  const shown = files.length > 3 ? [...files.slice(0, 3), `${files.length - 3} more`] : files;
  const text = `${runs} of ${finished.length} runs used code that has changed since the sweep was planned: ${shown.join(', ')}.`;
  return [pc.yellow(text)];
}

/** What the sinks of each run lost, that of runs which are well included. */
function losses({ finished }: SweepState): string[] {
  return finished.flatMap(({ spec }) =>
    lossTexts(tryReadManifest(spec.dir)).map((text) => pc.yellow(`${spec.id}: ${text}`)),
  );
}

/** The runs that failed, each with its reason and the last lines it wrote to stderr. */
export function failures(state: SweepState, wasInterrupted: boolean): string {
  const { plan, failed, finished } = state;
  const shown = failed.filter(({ status }) => status !== 'interrupted');
  const blocks = shown.map(({ spec, status, reason, stderr }) =>
    [
      `\n${pc.red(status)}  ${spec.id}${reason === undefined ? '' : `: ${reason}`}`,
      ...stderr.map((line) => pc.dim(`  │ ${line}`)),
    ].join('\n'),
  );
  if (shown.length > 0) blocks.push(pc.red(`${shown.length} of ${plan.runs.length} runs failed.`));
  blocks.push(...losses(state));
  const cut = failed.length - shown.length;
  const unstarted = plan.runs.length - finished.length;
  if (wasInterrupted || cut + unstarted > 0) {
    blocks.push(pc.yellow(`Stopped: ${cut} runs interrupted, ${unstarted} never started.`));
  }
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`;
}

/** What to type to go on with a sweep that has runs left, or to run the failed ones again. */
export function resumeHint({ plan, finished, failed }: SweepState, flag: string): string {
  const cut = failed.filter(({ status }) => status === 'interrupted').length;
  const left = cut + plan.runs.length - finished.length;
  if (left === 0 && !failed.some(canRunAgain)) return '';
  const what = left > 0 ? '' : ' --failed';
  return `${pc.dim('next')}  npx run-exp resume ${plan.id.slice(-6)}${what}${flag}\n`;
}

/** True for a run that `resume --failed` runs again. */
export function canRunAgain({ status }: FinishedRun): boolean {
  return status === 'failed' || status === 'timeout';
}

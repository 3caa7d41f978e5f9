import { relative } from 'node:path';
import pc from 'picocolors';
import { suggest } from '../core/errors.ts';
import { experimentDir } from '../core/layout.ts';
import type { SweepPlan } from '../store/sweep-files.ts';
import type { SweepEnding } from '../sweeper/execute-sweep.ts';
import type { RunResult, PlanResults } from '../sweeper/plan-results.ts';
import type { FinishedRun, SweepState } from '../sweeper/sweep-state.ts';
import { isOver, variantResults } from '../sweeper/variant-results.ts';
import { hasEventFiles } from './event-files.ts';
import { counted, durationText } from './format.ts';
import { lossTexts } from './loss-text.ts';
import { wasRead } from './unused-keys.ts';
import { variantTable, type TableLimits } from './variant-table.ts';

/** The first line of a sweep: what will run. */
export function headline(
  { experiment, id, keys, repeats, runs }: SweepPlan,
  slots?: number,
): string {
  const variants = new Set(runs.map(({ sweep }) => sweep?.variantIndex)).size;
  const title = sweepTitle(experiment, {
    keys,
    repeats,
    variants,
    ...(slots !== undefined && { slots }),
  });
  return `${title}  ${pc.dim(`sweep ${id.slice(-6)}`)}\n`;
}

/** What a sweep is made of. */
interface SweepSize {
  readonly keys: readonly string[];
  readonly repeats: number;
  readonly variants: number;
  /** Runs at once. */
  readonly slots?: number;
}

/** `digits  6 variants of lr × optimizer × 2 repeats, 4 at once`. */
export function sweepTitle(
  experiment: string,
  { keys, repeats, variants, slots }: SweepSize,
): string {
  const times = repeats === 1 ? '' : ` × ${repeats} repeats`;
  const swept = keys.length === 0 ? '' : ` of ${keys.join(' × ')}`;
  const atOnce = slots === undefined ? '' : `, ${slots} at once`;
  return `${pc.bold(experiment)}  ${counted(variants, 'variant')}${swept}${times}${atOnce}`;
}

/** `done  17 of 18 runs in 3 m 20 s, 1 failed`: the last word about a sweep. */
export function summaryLine({ counts, elapsedMs }: SweepState, ending: SweepEnding): string {
  const { completed, total, failed, interrupted, retrying, waiting } = counts;
  const others = [
    ...(failed > 0 ? [pc.red(`${failed} failed`)] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ...(waiting + retrying > 0 ? [`${waiting + retrying} not run`] : []),
  ].map((text) => `, ${text}`);
  const runs = `${completed} of ${counted(total, 'run')} completed`;
  const took = `in ${durationText(elapsedMs)}`;
  return `${ENDINGS[ending]}  ${runs} ${took}${others.join('')}\n`;
}

const ENDINGS: Readonly<Record<SweepEnding, string>> = {
  done: pc.green('done'),
  failed: pc.red('failed'),
  interrupted: pc.yellow('stopped'),
};

/** What commands to type need, and how much of a table is shown. */
export interface ReportOptions {
  readonly root: string;
  /** What commands need to find the run root; `undefined` where nothing is kept. */
  readonly flag: string | undefined;
  readonly limits: TableLimits;
}

/** The end of a sweep: the table of variants, where the runs are, what to type next. */
export function report(results: PlanResults, options: ReportOptions): string {
  if (!results.runs.some(isOver)) return '';
  return `\n${limitedTable(results, options)}\n${reportNotes(results, options)}`;
}

/** The table of variants for people, and what of it is not shown. */
export function limitedTable(
  results: PlanResults,
  { flag, limits }: Pick<ReportOptions, 'flag' | 'limits'>,
): string {
  const { text, hidden, pending } = variantTable(results, limits);
  const all =
    flag === undefined ? '' : `: npx run-exp report ${shortId(results)}${flag} --table text`;
  return [
    text,
    ...(hidden > 0 ? [pc.dim(`and ${counted(hidden, 'more variant')}${all}`)] : []),
    ...(pending > 0 ? [pc.dim(`${counted(pending, 'variant')} without a run that has ended`)] : []),
  ].join('\n');
}

/** What is said below the table: what is odd about the results, and what to type next. */
export function reportNotes(results: PlanResults, { root, flag }: ReportOptions): string {
  const notes = resultNotes(results);
  if (flag === undefined) return notes.map((note) => `${note}\n`).join('');
  const here = relative('', experimentDir(root, results.plan.experiment)) || '.';
  const best = bestRun(results);
  const next = [
    `npx run-exp ls --sweep ${shortId(results)}${flag}`,
    ...(best === undefined ? [] : [`npx run-exp show ${best.spec.id.slice(-6)}${flag}`]),
    ...(hasEventFiles(results) ? [`tensorboard --logdir ${here}`] : []),
  ];
  return [
    ...notes,
    '',
    `${pc.dim('runs')}  ${here}`,
    ...next.map((command, i) => `${pc.dim(i === 0 ? 'next' : '    ')}  ${command}`),
    '',
  ].join('\n');
}

/** What is odd about the results of a sweep, a line each. */
export function resultNotes(results: PlanResults): string[] {
  return [...objectiveNote(results), ...unreadNotes(results), ...codeNotes(results)];
}

/** The best run of the best variant. */
function bestRun(results: PlanResults): RunResult | undefined {
  if (results.plan.objective === undefined) return undefined;
  const [first] = variantResults(results);
  return first?.runs.find(({ value }) => value !== undefined && value === first.best);
}

function shortId({ plan }: PlanResults): string {
  return plan.id.slice(-6);
}

/** Says so when no run has the metric the sweep is to be judged by: it may be misspelt. */
function objectiveNote({ plan, runs }: PlanResults): string[] {
  const done = runs.filter(({ status }) => status === 'completed');
  const [first] = done;
  if (plan.objective === undefined || first === undefined) return [];
  if (done.some(({ value }) => value !== undefined)) return [];
  const { metric } = plan.objective;
  const hint = suggest(metric, Object.keys(first.metrics));
  return ['', pc.yellow(`No run has the objective "${metric}". ${hint}`)];
}

/** Says so when a key was swept that no run has read: its values made no difference. */
function unreadNotes({ plan, runs }: PlanResults): string[] {
  if (!runs.some(({ status }) => status === 'completed')) return [];
  const records = runs.flatMap(({ reads }) => (reads === undefined ? [] : [reads]));
  if (records.length === 0) return [];
  const unread = plan.keys.filter(
    (key) => key !== 'seed' && !records.some((reads) => wasRead(reads, key)),
  );
  return unread.map((key) => pc.yellow(`${key} was swept but never read.`));
}

/** Says so when not all runs had the code that the sweep was planned with. */
function codeNotes({ runs }: PlanResults): string[] {
  const over = runs.filter(isOver);
  const changes = over.flatMap(({ spec }) => spec.sweep?.codeChanged ?? []);
  if (changes.length === 0) return [];
  const changed = over.filter(({ spec }) => spec.sweep?.codeChanged !== undefined).length;
  const files = [...new Set(changes)].map((file) => relative('', file));
  const shown = files.length > 3 ? [...files.slice(0, 3), `${files.length - 3} more`] : files;
  const text = `${changed} of ${over.length} runs used code that has changed since the sweep was planned: ${shown.join(', ')}.`;
  return [pc.yellow(text)];
}

const MOST_FAILURES = 10;
const MOST_LOSSES = 20;

/**
 * The runs that failed, each with its reason and the last lines it wrote to stderr.
 * @param flag what commands need to find the run root; `undefined` where nothing is kept.
 */
export function failures(
  state: SweepState,
  wasInterrupted: boolean,
  flag: string | undefined,
): string {
  const { plan, failed, finished } = state;
  const shown = failed.filter(({ status }) => status !== 'interrupted');
  const blocks = shown.slice(0, MOST_FAILURES).map(failureBlock);
  const more = shown.length - blocks.length;
  if (more > 0) {
    const sweep = plan.id.slice(-6);
    const all = `: npx run-exp ls --status failed --sweep ${sweep}${flag ?? ''}`;
    blocks.push(pc.dim(`\nand ${more} more${flag === undefined ? '' : all}`));
  }
  if (shown.length > 0) blocks.push(pc.red(`${shown.length} of ${plan.runs.length} runs failed.`));
  blocks.push(...losses(state));
  const cut = failed.length - shown.length;
  const unstarted = plan.runs.length - finished.length;
  if (wasInterrupted || cut + unstarted > 0) {
    blocks.push(
      pc.yellow(
        `Stopped: ${cut} ${cut === 1 ? 'run' : 'runs'} interrupted, ${unstarted} never started.`,
      ),
    );
  }
  return blocks.length === 0 ? '' : `${blocks.join('\n')}\n`;
}

function failureBlock({ spec, status, reason, stderr }: FinishedRun): string {
  return [
    `\n${pc.red(status)}  ${spec.id}${reason === undefined ? '' : `: ${reason}`}`,
    ...stderr.map((line) => pc.dim(`  │ ${line}`)),
  ].join('\n');
}

/** What the sinks of each run lost, that of runs which are well included. */
function losses({ finished }: SweepState): string[] {
  const lines = finished.flatMap(({ spec, degraded = [] }) =>
    lossTexts({ degraded }).map((text) => pc.yellow(`${spec.id}: ${text}`)),
  );
  const more = lines.length - MOST_LOSSES;
  if (more <= 0) return lines;
  return [...lines.slice(0, MOST_LOSSES), pc.dim(`and ${more} more that lost something`)];
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

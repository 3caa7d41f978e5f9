import pc from 'picocolors';
import { cutMiddle, padEnd, padStart, textWidth } from '../formats/text-width.ts';
import type { ActiveRun, SweepState } from '../sweeper/sweep-state.ts';
import { clockText, numberText, rateText } from './format.ts';
import { runLabel } from './progress-text.ts';

/** One column of the table. */
interface Column {
  readonly head: string;
  readonly width: number;
  readonly isRight: boolean;
  readonly text: (run: ActiveRun) => string;
}

const GAP = 2;
const TAG_WIDTH = 20;
const NUMBER_WIDTH = 9;
const RATE_WIDTH = 7;
const GOOD_LABEL = 28;
const LEAST_LABEL = 12;

/**
 * A line for every run that works, in the order of their slots, below a head: variant, step, time,
 * rate and as many metrics as fit into `columns`. Widths do not change with every number, so that
 * nothing jumps.
 * @param labelWidth of the widest variant of the sweep.
 */
export function slotTable(
  state: SweepState,
  runs: readonly ActiveRun[],
  { columns, labelWidth }: { readonly columns: number; readonly labelWidth: number },
): string[] {
  const label = (width: number): Column => ({
    head: 'variant',
    width,
    isRight: false,
    text: ({ spec }) => runLabel(spec, state.plan.repeats, width),
  });
  const chosen = choose(factColumns(state), metricColumns(state), { columns, labelWidth });
  const [slot, facts, metrics] = [chosen.slot, chosen.facts, chosen.metrics];
  const room = columns - spaceOf([...slot, ...facts, ...metrics]);
  const all = [...slot, label(Math.max(1, Math.min(labelWidth, room))), ...facts, ...metrics];
  return [
    pc.dim(lineOf(all, ({ head, width }) => cutMiddle(head, width))),
    ...runs.map((run) => lineOf(all, ({ text }) => text(run))),
  ];
}

interface Chosen {
  readonly slot: readonly Column[];
  readonly facts: readonly Column[];
  readonly metrics: readonly Column[];
}

/** Metrics go first where there is no room, then what is known of every run; the variant stays. */
function choose(
  [slot, ...facts]: readonly [Column, ...Column[]],
  metrics: readonly Column[],
  { columns, labelWidth }: { readonly columns: number; readonly labelWidth: number },
): Chosen {
  const good = Math.min(labelWidth, GOOD_LABEL);
  for (let count = metrics.length; count > 0; count--) {
    const some = metrics.slice(0, count);
    if (good + spaceOf([slot, ...facts, ...some]) <= columns) {
      return { slot: [slot], facts, metrics: some };
    }
  }
  const least = Math.min(labelWidth, LEAST_LABEL);
  for (let count = facts.length; count >= 0; count--) {
    const some = facts.slice(0, count);
    if (least + spaceOf([slot, ...some]) <= columns) {
      return { slot: [slot], facts: some, metrics: [] };
    }
  }
  return { slot: [], facts: [], metrics: [] };
}

function factColumns(state: SweepState): [Column, ...Column[]] {
  const runs = [...state.active.values()];
  const longest = runs.reduce((most, run) => Math.max(most, state.elapsedOf(run)), 0);
  const right = (head: string, width: number, text: Column['text']): Column => ({
    head,
    width: Math.max(width, head.length),
    isRight: true,
    text,
  });
  return [
    right('slot', 4, ({ slot }) => String(slot.index)),
    right('step', String(state.highestStep).length, ({ progress }) =>
      progress === undefined ? '–' : String(progress.step),
    ),
    right('time', clockText(longest).length, (run) => clockText(state.elapsedOf(run))),
    right('rate', RATE_WIDTH, (run) => rateText(state.rateOf(run))),
  ];
}

function metricColumns({ tags }: SweepState): Column[] {
  return tags.map((tag) => ({
    head: tag,
    width: Math.max(NUMBER_WIDTH, Math.min(TAG_WIDTH, textWidth(tag))),
    isRight: true,
    text: ({ progress }) => numberText(progress?.metrics[tag]),
  }));
}

/** What columns take, each with the gap that parts it from its neighbour. */
function spaceOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP, 0);
}

function lineOf(columns: readonly Column[], text: (column: Column) => string): string {
  const cells = columns.map((column) => {
    const cell = cutMiddle(text(column), column.width);
    return (column.isRight ? padStart : padEnd)(cell, column.width);
  });
  return cells.join(' '.repeat(GAP)).trimEnd();
}

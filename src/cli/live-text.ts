import { stripVTControlCharacters } from 'node:util';
import pc from 'picocolors';
import { cutEnd, cutMiddle, textWidth } from '../formats/text-width.ts';
import type { SweepState } from '../sweeper/sweep-state.ts';
import { durationText, meanText } from './format.ts';
import { progressBar } from './progress-bar.ts';
import { countsText, endedCount, remainingText, runLabel, variantLabel } from './progress-text.ts';
import { slotTable } from './slot-table.ts';

/** How large a terminal is. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What is shown in a frame, apart from the state. */
export interface Frame extends TerminalSize {
  /** Of the widest variant of the sweep, see {@link widestLabel}. */
  readonly labelWidth: number;
}

/** How wide the variants of a sweep are at most; looked up once, since it goes through all runs. */
export function widestLabel({ plan }: SweepState): number {
  return plan.runs.reduce(
    (most, spec) => Math.max(most, textWidth(runLabel(spec, plan.repeats))),
    'variant'.length,
  );
}

/**
 * The live view as lines: a bar, counts, the best variant so far, a table of the slots. No line is
 * wider than the terminal, and there are fewer lines than it has rows: it could not be redrawn
 * otherwise.
 */
export function liveLines(state: SweepState, frame: Frame): string[] {
  const { columns, rows } = frame;
  const room = Math.max(1, rows - 1);
  const facts = [barLine(state, columns), countsLine(state, columns), ...bestLine(state, columns)];
  const top = facts.slice(0, room);
  return [...top, ...slotLines(state, frame, room - top.length)];
}

const WIDEST_BAR = 72;
/** `100 %  at least 12 h 30 m left`, with two spaces before it. */
const BESIDE_BAR = 33;
const LEAST_BAR = 10;

function barLine({ counts, remaining }: SweepState, columns: number): string {
  const percent = Math.floor((100 * endedCount(counts)) / counts.total);
  const width = Math.min(columns, WIDEST_BAR, Math.max(LEAST_BAR, columns - BESIDE_BAR));
  const text = `  ${String(percent).padStart(3)} %  ${remainingText(remaining)}`.trimEnd();
  const beside = columns - width;
  return progressBar(counts, width) + (beside < 1 ? '' : cutEnd(text, beside));
}

function countsLine(state: SweepState, columns: number): string {
  const { counts, elapsedMs } = state;
  const time = durationText(1000 * Math.floor(elapsedMs / 1000));
  const parts = [`${endedCount(counts)}/${counts.total} runs`, countsText(counts), time].join(
    pc.dim(' · '),
  );
  return fitted(parts, columns);
}

function bestLine({ best, metric, plan }: SweepState, columns: number): string[] {
  if (best === undefined) return [];
  const n = plan.repeats === 1 ? '' : ` (n=${best.values.size})`;
  const value = meanText([...best.values.values()]);
  const head = `best  ${metric} ${value}${n}  `;
  const room = columns - textWidth(head);
  if (room < 1) return [cutEnd(head.trimEnd(), columns)];
  return [
    `${pc.dim('best')}  ${metric} ${pc.green(value)}${pc.dim(n)}  ` +
      variantLabel(best.variant, room),
  ];
}

/** The table of slots in at most so many lines, an empty one above it where there is room. */
function slotLines(state: SweepState, frame: Frame, room: number): string[] {
  const runs = [...state.active.values()].sort((a, b) => a.slot.index - b.slot.index);
  if (runs.length === 0 || room < 2) return [];
  const gap = runs.length + 2 <= room ? [''] : [];
  const fits = runs.length + 1 <= room;
  const shown = fits ? runs : runs.slice(0, room - 2);
  const hidden = runs.length - shown.length;
  const more = fits ? [] : [pc.dim(cutMiddle(`and ${hidden} more`, frame.columns))];
  if (shown.length === 0) return more;
  return [...gap, ...slotTable(state, shown, frame), ...more];
}

/** The line, or as much of it as fits; what is cut loses its colours. */
export function fitted(line: string, columns: number): string {
  return textWidth(line) <= columns ? line : cutEnd(stripVTControlCharacters(line), columns);
}

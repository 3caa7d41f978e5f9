import { format } from 'node:util';
import pc from 'picocolors';
import { processState } from '../core/process-state.ts';
import { timeMark } from '../formats/time-mark.ts';
import { timeOfDay, zonedTime } from '../formats/zoned-time.ts';
import { isForStderr, isShown, LEVELS, paint, type Level } from './level.ts';
import { noteWarning } from './warnings.ts';
import { currentOutputLog, writeUncaptured } from './output-capture.ts';

const LEVEL_WIDTH = 5;

/** How the text lines of this process are read. */
interface TextForm {
  /** True when a launcher puts the times in, for a terminal and for a file. */
  isMarked: boolean;
}

const form = processState('text-form', (): TextForm => ({ isMarked: false }));

/** Leaves the times of text lines to the launcher that reads them. */
export function markTextTimes(): void {
  form.isMarked = true;
}

/**
 * Writes one line of text to stderr, and to the output log of the run whose code this is: time,
 * level, prefixes, message. Text never waits in a buffer and never enters a metric.
 * @param source what stands in brackets before the message; outermost first.
 */
export function writeText(
  level: Level,
  source: readonly string[],
  values: readonly unknown[],
): void {
  if (level === LEVELS.warn) noteWarning(format(...values));
  if (!isShown(level)) return;
  const message = format(...values);
  currentOutputLog()?.line(`${zonedNow()} ${textLine(level, source, message)}`);
  showOnStderr(level, source, message);
}

/** Writes a line of text to stderr alone. */
export function showOnStderr(level: Level, source: readonly string[], message: string): void {
  if (!isForStderr(level)) return;
  const colors = stderrColors();
  const shown = paint(level, textLine(level, source, message), colors);
  const time = form.isMarked ? timeMark(zonedNow()) : shownTime(zonedNow());
  writeUncaptured('stderr', `${colors.dim(time)} ${shown}\n`);
}

/** The local time with its zone, as files have it. */
export function zonedNow(): string {
  return zonedTime(new Date());
}

/** A line of text without its time. */
export function textLine(level: Level, source: readonly string[], message: string): string {
  const name = level.isOwn ? level.name.toUpperCase() : level.name;
  const brackets = source.map((one) => `[${one}] `).join('');
  return `${name.padEnd(LEVEL_WIDTH)} ${brackets}${message}`;
}

/** A time as stderr shows it: short on a terminal, where someone is watching, whole in a file. */
export function shownTime(zoned: string): string {
  return process.stderr.isTTY ? timeOfDay(zoned) : zoned;
}

/** Colours for stderr, which is a terminal, or goes to a launcher that says it has one. */
function stderrColors(): typeof pc {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const isWanted = process.stderr.isTTY || (FORCE_COLOR ?? '') !== '';
  return pc.createColors(isWanted && (NO_COLOR ?? '') === '') as typeof pc;
}

const said = processState('warned', () => new Set<string>());

/** Warns on stderr; the same words are said once a process. */
export function warnOnce(message: string): void {
  if (said.has(message)) return;
  said.add(message);
  writeText(LEVELS.warn, [], [message]);
}

import type { RunSpec } from '../core/run-spec.ts';
import { makeLevel } from './level.ts';
import { showOnStderr, textLine, zonedNow } from './text.ts';

const START = makeLevel('start');
const END = makeLevel('end');

/** How a command ended, as its last line says it. */
export interface CommandEnd {
  readonly status: string;
  readonly seconds?: number | undefined;
  readonly reason?: string | undefined;
}

/** The line of an output log that marks the start of a command. */
export function startLine(spec: RunSpec): string {
  return `${zonedNow()} ${textLine(START, [], startText(spec))}`;
}

/** The line that marks its end. */
export function endLine(spec: RunSpec, end: CommandEnd): string {
  return `${zonedNow()} ${textLine(END, [], endText(spec, end))}`;
}

/** Shows the start on stderr. */
export function announceStart(spec: RunSpec): void {
  showOnStderr(START, [], startText(spec));
}

/** Shows the end on stderr. */
export function announceEnd(spec: RunSpec, end: CommandEnd): void {
  showOnStderr(END, [], endText(spec, end));
}

function startText({ experiment, command, id }: RunSpec): string {
  return `${experiment} ${command}, run ${id}`;
}

function endText(
  { experiment, command }: RunSpec,
  { status, seconds, reason }: CommandEnd,
): string {
  const took = seconds === undefined ? '' : ` after ${seconds.toFixed(1)} s`;
  return `${experiment} ${command} ${status}${took}${reason === undefined ? '' : `: ${reason}`}`;
}

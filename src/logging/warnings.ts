import type { Warnings } from '../core/environment.ts';
import { processState } from '../core/process-state.ts';
import { redactText } from '../core/redact.ts';
import type { RunContext } from '../core/run-context.ts';
import { tryCurrentScope } from '../scope/scope.ts';

const FIRST = 20;
const MOST_CHARACTERS = 500;

interface Counted {
  count: number;
  readonly first: string[];
}

/** The runs whose warnings are counted. */
const counted = processState('warnings', () => new Map<RunContext, Counted>());

/** Counts warnings of a run from now on: its own lines, exptools', and those of Node. */
export function countWarnings(run: RunContext): void {
  if (counted.size === 0) process.on('warning', handler.onWarning);
  counted.set(run, { count: 0, first: [] });
}

/** What a run was warned of; it is not counted any longer. `undefined` where that was nothing. */
export function endWarnings(run: RunContext): Warnings | undefined {
  const { count = 0, first = [] } = counted.get(run) ?? {};
  counted.delete(run);
  if (counted.size === 0) process.off('warning', handler.onWarning);
  return count === 0 ? undefined : { count, first };
}

/** Counts a warning for the run whose code this is; what belongs to none is one of all open runs. */
export function noteWarning(text: string): void {
  if (counted.size === 0) return;
  const current = tryCurrentScope()?.run;
  const own = current === undefined ? undefined : counted.get(current);
  for (const one of own === undefined ? counted.values() : [own]) {
    one.count++;
    if (one.first.length < FIRST) one.first.push(redactText(text).slice(0, MOST_CHARACTERS));
  }
}

// Shared, so that one copy of the package can take away what another one added.
const handler = processState('warnings-handler', () => ({
  onWarning: ({ name, message }: Error): void => noteWarning(`${name}: ${message}`),
}));

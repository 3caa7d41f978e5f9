import { ExpError, isExpError, messageOf } from '../core/errors.ts';
import type { RunError } from '../core/manifest.ts';
import { isFinished, type RunStatus } from '../core/status.ts';

/** How a run ends: decided once, then written. */
export interface Ending {
  readonly status: RunStatus;
  readonly error?: RunError;
  /** Why it ended before its time, in one line. */
  readonly reason?: string;
}

// Marks on the prototypes, not `instanceof`: a class may come from another copy of the package.
const STOPPED = Symbol.for('exptools.stopped');
const INTERRUPT = Symbol.for('exptools.interrupt');

/** Thrown by `run.stop`: the run is over and well. */
export class RunStopped extends Error {}
Object.defineProperty(RunStopped.prototype, 'name', { value: 'RunStopped' });
Object.defineProperty(RunStopped.prototype, STOPPED, { value: true });

/**
 * Throw it, or a subclass, to end a run with a status of your own:
 * `class Diverged extends RunInterrupt { override status = 'diverged' }`.
 */
export class RunInterrupt extends Error {
  status: RunStatus = 'interrupted';
}
Object.defineProperty(RunInterrupt.prototype, 'name', { value: 'RunInterrupt' });
Object.defineProperty(RunInterrupt.prototype, INTERRUPT, { value: true });

/** The ending that something thrown by a main function makes. */
export function endingOf(thrown: unknown): Ending {
  const marked = thrown as { [mark: symbol]: unknown; status?: RunStatus } | null;
  if (thrown instanceof Error && marked?.[STOPPED] === true) {
    return { status: 'completed', reason: thrown.message };
  }
  if (thrown instanceof Error && marked?.[INTERRUPT] === true) {
    const { status = 'interrupted' } = marked;
    return { status: isFinished(status) ? status : 'failed', reason: thrown.message };
  }
  return { status: 'failed', error: describeError(thrown), reason: firstLine(messageOf(thrown)) };
}

/**
 * The ending of a run whose process ends before anyone has ended it; that process fails, too.
 * @param isWhole true for a run that is over when its process is, and has not failed.
 * @param preemption why it was to end at its next checkpoint, if it was: a handler of the user's own
 *   may not wait for that.
 */
export function unfinishedEnding(isWhole: boolean, preemption?: string): Ending {
  const code = process.exitCode ?? 0;
  if (isWhole && code === 0) return { status: 'completed' };
  if (preemption !== undefined) return { status: 'interrupted', reason: preemption };
  if (code === 0) process.exitCode = 1;
  return endingOf(
    new ExpError(
      'EXP_RUN',
      `The process ended with exit code ${code} before main had finished: ` +
        'main called process.exit(), or awaits a promise that nothing will settle.',
    ),
  );
}

function describeError(thrown: unknown): RunError {
  return {
    message: messageOf(thrown),
    ...(thrown instanceof Error && thrown.stack !== undefined && { stack: thrown.stack }),
    ...(isExpError(thrown) && { code: thrown.code }),
  };
}

/** The first line of a text. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

import { ExpError, suggest } from '../core/errors.ts';

/** Makes the error for the captured call whose default values are being evaluated. */
let current: (() => ExpError) | undefined;

/**
 * Marks a parameter that comes from the run: `lr: number = inject()`. A captured function fills it
 * before this default would be evaluated, so call sites may leave it out and stay type-safe.
 * @throws {ExpError} EXP_CAPTURE if it is evaluated all the same: the function is not captured,
 *   there is no run, or the config has no such key.
 */
export function inject<T>(): T {
  if (current !== undefined) throw current();
  throw new ExpError(
    'EXP_CAPTURE',
    'inject() was evaluated in a function that is not captured. ' +
      'Put @captured on the method, or wrap the function: captured(fn).',
  );
}

/** Calls `fn`; an {@link inject} among its defaults throws what `makeError` makes. */
export function callCaptured<T>(makeError: (() => ExpError) | undefined, fn: () => T): T {
  const before = current;
  current = makeError;
  try {
    return fn();
  } finally {
    current = before;
  }
}

/** The error for parameters that neither the caller nor the run gives. */
export function missing(name: string, keys: readonly string[], known: readonly string[]): ExpError {
  return new ExpError(
    'EXP_CAPTURE',
    `${name}() needs ${quoted(keys)}, which neither the call nor the config gives. ` +
      suggest(keys[0]!, known),
  );
}

/** The error for parameters that the caller leaves to a run, when there is none. */
export function missingRun(name: string, keys: readonly string[]): ExpError {
  return new ExpError(
    'EXP_CAPTURE',
    `${name}() needs ${quoted(keys)} and was called outside of a run. ` +
      'Pass it, or start a run with run-exp, runExperiment() or openRun().',
  );
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(', ');
}

import { ExpError, suggest } from '../core/errors.ts';

/** The captured call whose default values are being evaluated, and what it lacks. */
let current:
  | {
      readonly name: string;
      readonly missing: readonly string[];
      readonly known: readonly string[];
    }
  | undefined;

/**
 * Marks a parameter that comes from the run: `lr: number = inject()`. A captured function fills it
 * before this default would be evaluated, so call sites may leave it out and stay type-safe.
 * @throws {ExpError} EXP_CAPTURE if it is evaluated all the same: the function is not captured, or
 *   the config has no such key.
 */
export function inject<T>(): T {
  if (current !== undefined) throw missing(current.name, current.missing, current.known);
  throw new ExpError(
    'EXP_CAPTURE',
    'inject() was evaluated in a function that is not captured. ' +
      'Put @captured on the method, or wrap the function: captured(fn).',
  );
}

/** Calls `fn` so that an {@link inject} among its defaults can say what is missing. */
export function callCaptured<T>(
  name: string,
  missing: readonly string[],
  known: readonly string[],
  fn: () => T,
): T {
  const before = current;
  current = missing.length > 0 ? { name, missing, known } : undefined;
  try {
    return fn();
  } finally {
    current = before;
  }
}

/** The error for parameters that neither the caller nor the run gives. */
export function missing(name: string, keys: readonly string[], known: readonly string[]): ExpError {
  const list = keys.map((key) => `"${key}"`).join(', ');
  return new ExpError(
    'EXP_CAPTURE',
    `${name}() needs ${list}, which neither the call nor the config gives. ` +
      suggest(keys[0]!, known),
  );
}

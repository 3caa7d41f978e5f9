import { ExpError } from '../core/errors.ts';

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
export function callCaptured(
  makeError: (() => ExpError) | undefined,
  fn: (this: unknown, ...args: unknown[]) => unknown,
  self: unknown,
  args: readonly unknown[],
): unknown {
  const before = current;
  current = makeError;
  try {
    return Reflect.apply(fn, self, args);
  } finally {
    current = before;
  }
}

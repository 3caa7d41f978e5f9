/**
 * Calls `fn` and says how many seconds it took, until its promise settles if it returns one, and
 * whether or not it throws. Returns what `fn` returns.
 */
export function timed<T>(fn: () => T, done: (seconds: number) => void): T {
  const start = performance.now();
  const stop = (): void => done((performance.now() - start) / 1000);
  let result: T;
  try {
    result = fn();
  } catch (error) {
    stop();
    throw error;
  }
  if (!isThenable(result)) {
    stop();
    return result;
  }
  const settled = result.then(
    (value) => {
      stop();
      return value;
    },
    (error: unknown) => {
      stop();
      throw error;
    },
  );
  return settled as T;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === 'function';
}

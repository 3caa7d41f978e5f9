import { runInScope, Scope } from '../scope/scope.ts';
import { endingOf } from './ending.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Run } from './run.ts';

/**
 * Executes `work` as the code of a run, in its scope, and ends the run as `work` ended.
 * @returns what was thrown, if anything was; it never rejects.
 */
export async function conduct(
  lifecycle: Lifecycle,
  work: (run: Run) => unknown,
): Promise<{ readonly error: unknown } | undefined> {
  const { run } = lifecycle;
  try {
    const result = await runInScope(Scope.ofRun(run), () => {
      const before = lifecycle.hooks.before();
      return before === undefined ? work(run) : before.then(() => work(run));
    });
    if (result !== undefined) run.complete(result);
  } catch (error) {
    await lifecycle.end(endingOf(error));
    return { error };
  }
  await lifecycle.end({ status: 'completed' });
  return run.failure;
}

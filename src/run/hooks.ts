import { ExpError, messageOf } from '../core/errors.ts';
import {
  isCommand,
  isFailure,
  type Hook,
  type HookFacts,
  type HookName,
  type HooksOf,
} from '../core/hook.ts';
import { callCommand, startCommand } from '../logging/hook-command.ts';
import { warnOnce } from '../logging/text.ts';
import { endingOf, type Ending } from './ending.ts';
import type { Run } from './run.ts';

/** What is done around the main of a run. */
export type RunHooks = HooksOf<Run>;

const LIMIT_S = 60;

/** Calls the hooks of one run, in the scope that this is called in. */
export class HookCalls {
  readonly #run: Run;
  readonly #hooks: RunHooks;
  readonly #errors: string[] = [];
  #areDue = true;
  /** A failure that came of a hook, after main. */
  #overlooked: Run['failure'];

  constructor(run: Run, hooks: RunHooks) {
    this.#run = run;
    this.#hooks = hooks;
  }

  /**
   * What comes before main; `undefined` where nothing does.
   * @throws {ExpError} EXP_RUN if it fails; what ends a run in another way is passed on.
   */
  before(): Promise<void> | undefined {
    return this.#hooks.before === undefined ? undefined : callBefore(this.#run, this.#hooks);
  }

  get hasAfter(): boolean {
    return this.#hooks.after !== undefined || this.#hooks.onFailure !== undefined;
  }

  /** What comes after main. It knows the status; nothing that it does changes it. */
  async after(ending: Ending): Promise<void> {
    this.#areDue = false;
    this.#run.status = ending.status;
    const { failure } = this.#run;
    for (const name of dueAfter(ending)) {
      try {
        await call(this.#run, name, this.#hooks, ending);
      } catch (error) {
        const problem = `The hook "${name}" failed: ${messageOf(error)}`;
        this.#errors.push(problem);
        warnOnce(`${problem}. The run ${this.#run.id} is ${ending.status} all the same.`);
      }
    }
    if (failure === undefined) this.#overlooked = this.#run.failure;
  }

  /**
   * Starts the commands that come after main, for a process that cannot wait for them; unless they were
   * called, or are under way.
   */
  startAfter(ending: Ending): void {
    if (!this.#areDue) return;
    this.#areDue = false;
    for (const name of dueAfter(ending)) {
      const hook = this.#hooks[name];
      if (isCommand(hook)) startCommand(hook, factsOf(this.#run, ending));
    }
  }

  /** What the run failed of, but for what its last hooks did. */
  get failure(): Run['failure'] {
    const { failure } = this.#run;
    return failure === this.#overlooked ? undefined : failure;
  }

  /** What the manifest says of them. */
  get record(): { readonly hookErrors?: readonly string[] } {
    return this.#errors.length === 0 ? {} : { hookErrors: this.#errors };
  }
}

async function callBefore(run: Run, hooks: RunHooks): Promise<void> {
  try {
    await call(run, 'before', hooks, { status: 'running' });
  } catch (error) {
    if (endingOf(error).status !== 'failed') throw error;
    throw new ExpError(
      'EXP_RUN',
      `The hook "before" failed: ${messageOf(error)}. Main was not called.`,
      { cause: error },
    );
  }
}

function dueAfter({ status }: Ending): readonly ('after' | 'onFailure')[] {
  return isFailure(status) ? ['after', 'onFailure'] : ['after'];
}

async function call(run: Run, name: HookName, hooks: RunHooks, ending: Ending): Promise<void> {
  const hook: Hook<Run> | undefined = hooks[name];
  const limitMs = (hooks.hookTimeout ?? LIMIT_S) * 1000;
  if (hook === undefined) return;
  if (isCommand(hook)) await callCommand(hook, factsOf(run, ending), limitMs);
  else await within(limitMs, hook(run));
}

async function within(limitMs: number, work: unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it took longer than ${limitMs / 1000} s`));
    }, limitMs);
  });
  await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

function factsOf(run: Run, { status, reason = '' }: Ending): HookFacts {
  const error = status === 'completed' ? '' : reason;
  return { id: run.id, dir: run.dir, experiment: run.experiment, status, error };
}

import { ExpError } from '../core/errors.ts';
import { enterScope, storedScope, type Scope } from '../scope/scope.ts';

/** The two kinds of prefixes, named by their methods: of tags and of text lines. */
export type PrefixMethod = 'prefix' | 'textPrefix';

/**
 * A prefix that holds until it is disposed, for synchronous code: `using _ = logger.prefix('train')`.
 * A frame that is still open when the current microtask ends has crossed an `await`; from then on
 * rows of unrelated tasks carry its prefix, so the run fails, and says where.
 */
export class PrefixFrame implements Disposable {
  readonly #name: string;
  readonly #before: Scope | undefined;
  readonly #scope: Scope;
  #isOpen = true;
  #misuse: ExpError | undefined;

  constructor(method: PrefixMethod, name: string, scope: Scope) {
    this.#name = name;
    this.#before = storedScope();
    this.#scope = scope;
    const opened = new ExpError(
      'EXP_PREFIX',
      `using logger.${method}("${name}") crossed an await, so other tasks may carry its prefix. ` +
        `Across awaits, write: await logger.${method}("${name}", async () => { ... }).`,
    );
    enterScope(scope);
    queueMicrotask(() => {
      if (!this.#isOpen) return;
      this.#misuse = opened;
      scope.run.fail(opened);
    });
  }

  /** Ends the block. @throws {ExpError} EXP_PREFIX if it crossed an await, or ends out of order. */
  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const current = storedScope();
    enterScope(this.#before);
    if (this.#misuse !== undefined) throw this.#misuse;
    if (current !== this.#scope) {
      throw new ExpError(
        'EXP_PREFIX',
        `The prefix "${this.#name}" ended while "${current?.prefix ?? ''}" was the open one. ` +
          'Blocks must end in the reverse order of their start.',
      );
    }
  }
}

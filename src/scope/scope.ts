import { AsyncLocalStorage } from 'node:async_hooks';
import { processState } from '../core/process-state.ts';
import type { RunContext } from '../core/run-context.ts';
import type { ScopeState } from '../core/scope-state.ts';
import { deriveSeed } from '../random/derive-seed.ts';
import { Rng } from '../random/rng.ts';

/**
 * What follows the code through calls, awaits, timers and streams: the run, the tag prefix, and the
 * path of names that seeds are derived from. A scope is never changed; blocks and calls enter a new
 * one.
 */
export class Scope {
  readonly run: RunContext;
  readonly prefix: string;
  /** What text lines carry in brackets, outermost first. */
  readonly textPrefixes: readonly string[];
  /** The scope around this one, if any. */
  readonly outer: Scope | undefined;
  readonly #name: string;
  readonly #index: number;
  /** Made when it is needed: most calls make no calls of their own and draw no seed. */
  #calls: Map<string, number> | undefined;
  /** The generators that were made for it, by the index of their seeds. */
  #rngs: Map<number, Rng> | undefined;
  /** Where this very call stood when an earlier attempt took its checkpoint; and calls within it. */
  #earlier: ScopeState | undefined;
  #awaited: readonly ScopeState[] = [];
  readonly #seeds: Scope;
  #isAmbient = false;

  private constructor(
    run: RunContext,
    prefix: string,
    outer?: Scope,
    name = '',
    index = 0,
    textPrefixes: readonly string[] = outer?.run === run ? outer.textPrefixes : [],
  ) {
    this.run = run;
    this.prefix = prefix;
    this.textPrefixes = textPrefixes;
    this.outer = outer;
    this.#name = name;
    this.#index = index;
    // A prefix block names tags, not calls: it counts calls with the scope it stands in.
    this.#seeds = name === '' && outer?.run === run ? outer.#seeds : this;
  }

  /** The outermost scope of a run. */
  static ofRun(run: RunContext): Scope {
    return new Scope(run, '', tryCurrentScope());
  }

  /**
   * The outermost scope of a run that is entered without a callback. The storage cannot be told
   * when such a run is over for whoever awaited it, so a closed one counts as left.
   */
  static ofAmbientRun(run: RunContext): Scope {
    const scope = Scope.ofRun(run);
    scope.#isAmbient = true;
    return scope;
  }

  /** False for the scope of a run that was opened without a callback and is closed by now. */
  get isCurrent(): boolean {
    return !(this.#isAmbient && this.run.rows.closed);
  }

  /** The scope of a prefix block: the same run, another prefix. */
  withPrefix(prefix: string): Scope {
    return new Scope(this.run, prefix, this);
  }

  /** The scope of a block whose text lines carry one more prefix; tags know nothing of it. */
  withTextPrefix(text: string): Scope {
    return new Scope(this.run, this.prefix, this, '', 0, [...this.textPrefixes, text]);
  }

  /** The scope of one call of the captured function `name`. */
  ofCall(name: string): Scope {
    const index = this.#seeds.#count(name);
    const scope = new Scope(this.run, this.prefix, this, name, index);
    if (this.#seeds.#awaited.length > 0) scope.#goOn(this.#seeds.#awaited);
    return scope;
  }

  /** The innermost captured function this code is called by, in this run; empty outside of all. */
  get caller(): string {
    return this.#seeds.#name;
  }

  /**
   * A new seed at every call: a hash of the run's root seed, the names and call indices on the way
   * to this scope, and how often this scope was asked.
   */
  nextSeed(): number {
    const index = this.#seeds.#count('');
    return deriveSeed(this.run.seed, [...this.#seeds.#path(), index]);
  }

  /** A generator with a {@link nextSeed} of its own; {@link states} has what becomes of it. */
  nextRng(): Rng {
    const seeds = this.#seeds;
    const index = seeds.#calls?.get('') ?? 0;
    const rng = new Rng(this.nextSeed());
    (seeds.#rngs ??= new Map<number, Rng>()).set(index, rng);
    const state = seeds.#earlier?.rngs[index];
    if (state !== undefined) rng.restore(state);
    return rng;
  }

  /** The calls on the way to this scope, outermost first: what their next seeds depend on. */
  states(): ScopeState[] {
    return this.#way().map((scope) => ({
      name: scope.#name,
      index: scope.#index,
      calls: Object.fromEntries(scope.#calls ?? []),
      rngs: Object.fromEntries([...(scope.#rngs ?? [])].map(([i, rng]) => [i, rng.state()])),
    }));
  }

  /**
   * Goes on from what {@link states} gave: the calls on the way to this scope that are the same get
   * their counts and the states of their generators. Calls that were under way further in get theirs
   * when they are made again.
   */
  restore(states: readonly ScopeState[]): void {
    const way = this.#way();
    let depth = 0;
    for (; depth < way.length && depth < states.length; depth++) {
      const [scope, state] = [way[depth]!, states[depth]!];
      if (!scope.#is(state)) break;
      scope.#take(state);
    }
    // Not for a later call of the same function: what it had is over.
    const [known, other] = [way[depth - 1], way[depth]];
    const isSame = other !== undefined && other.#name === states[depth]?.name;
    if (known === undefined || isSame) return;
    known.#await(states.slice(depth));
  }

  /** Knows calls that were under way, which its code is about to make again. */
  #await(states: readonly ScopeState[]): void {
    const [next] = states;
    if (next === undefined) return;
    (this.#calls ??= new Map<string, number>()).set(next.name, next.index);
    this.#awaited = states;
  }

  #is({ name, index }: ScopeState): boolean {
    return this.#name === name && this.#index === index;
  }

  #take({ calls, rngs }: ScopeState): void {
    this.#calls = new Map(Object.entries(calls));
    for (const [index, state] of Object.entries(rngs)) {
      this.#rngs?.get(Number(index))?.restore(state);
    }
  }

  /** Takes over from the same call of an earlier attempt, which its code begins once more. */
  #goOn(awaited: readonly ScopeState[]): void {
    const [state, ...inner] = awaited;
    if (state === undefined || !this.#is(state)) return;
    // Seeds for its arguments are drawn once more; calls that were over are not made again.
    const { '': _, ...calls } = state.calls;
    this.#calls = new Map(Object.entries(calls));
    this.#earlier = state;
    this.#await(inner);
  }

  /** The scopes that count calls, from the outermost of the run to this one. */
  #way(): Scope[] {
    const outer = this.#seeds.outer;
    return [...(outer?.run === this.run ? outer.#way() : []), this.#seeds];
  }

  /** How often it was asked for this name before. */
  #count(name: string): number {
    const calls = (this.#calls ??= new Map<string, number>());
    const index = calls.get(name) ?? 0;
    calls.set(name, index + 1);
    return index;
  }

  #path(): (string | number)[] {
    const outer = this.outer?.run === this.run ? this.outer.#seeds.#path() : [];
    return this.#name === '' ? outer : [...outer, this.#name, this.#index];
  }
}

const storage = processState('scope', () => new AsyncLocalStorage<Scope | undefined>());

/** The scope this code runs in, or `undefined` outside every open run. */
export function tryCurrentScope(): Scope | undefined {
  let scope = storage.getStore();
  while (scope?.isCurrent === false) scope = scope.outer;
  return scope;
}

/** Calls `fn` in `scope` and returns what it returns. */
export function runInScope<T, A extends readonly unknown[]>(
  scope: Scope,
  fn: (...args: A) => T,
  ...args: A
): T {
  return storage.run(scope, fn, ...(args as unknown as []));
}

/**
 * Makes `scope` the current one for the rest of the synchronous code and all it starts. Only for
 * the two forms that have no callback, `openRun` and `using`.
 */
export function enterScope(scope: Scope | undefined): void {
  storage.enterWith(scope);
}

/** The scope as it was entered, even if its run is closed; to restore it later. */
export function storedScope(): Scope | undefined {
  return storage.getStore();
}

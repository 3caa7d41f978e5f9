import type { ExpError } from '../core/errors.ts';
import type { RunContext } from '../core/run-context.ts';
import { Logger } from '../logging/logger.ts';
import { runInScope, tryCurrentScope } from '../scope/scope.ts';
import { missing, missingRun } from './capture-errors.ts';
import type { Entry } from './entry.ts';
import { noteDefaults } from './function-defaults.ts';
import { callCaptured } from './inject.ts';
import type { Target } from './injectable.ts';
import { InjectionPlan } from './injection-plan.ts';
import { isGenerator, parametersOf, type Parameter } from './parameters.ts';

/** How a function is captured. */
export interface CaptureOptions {
  /** What the function is called in messages and seeds; its own name unless given. */
  readonly name?: string;
  /**
   * Config sections or keys to take values from, by dotted path, instead of the whole config. A
   * section gives its keys, a key just its own value, by its last part.
   */
  readonly prefixes?: readonly string[];
  /** Names for the parameters, in order: for minified code, or to rename some of them. */
  readonly names?: readonly (string | undefined)[];
  /** Classes of the parameters, in order, as `design:paramtypes` lists them. */
  readonly types?: readonly unknown[];
  /** True for keys of the config that a run may leave out: then the parameter gets nothing. */
  readonly declares?: (path: readonly string[]) => boolean;
  /** For the code of a command: the command. */
  readonly entry?: Entry;
  /** Runs before every call, with the `this` of the call. */
  readonly before?: (self: unknown) => void;
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * Wraps a function so that arguments its callers leave out come from the run: by class where one is
 * known, and else by name from the config. Explicit arguments win, then the config, then the
 * function's default. Outside a run the function is called as it is.
 *
 * A destructured parameter, `({ lr, rng })`, is filled member by member in the same way.
 * @throws {ExpError} EXP_CAPTURE when called with too many arguments, or when one is missing.
 */
export function capture<F extends AnyFunction>(fn: F, options: CaptureOptions = {}): F {
  const plain = fn as unknown as (this: unknown, ...args: unknown[]) => unknown;
  const { before } = options;
  const target = targetOf(fn, options);
  const { name } = target;
  noteDefaults(target);
  const planFor = plansOf(target);
  const entersScope = !isGenerator(fn);
  function captured(this: unknown, ...args: unknown[]): unknown {
    const outer = tryCurrentScope();
    before?.(this);
    if (outer === undefined) return callCaptured(fillOutside(target, args), plain, this, args);
    const scope = outer.ofCall(name);
    const lacking = planFor(scope.run).fill(args, scope);
    const makeError = lacking.length === 0 ? undefined : () => missing(target, lacking, scope.run);
    // A generator's code runs in the scope of whoever consumes it, whatever we enter here.
    return entersScope
      ? runInScope(scope, callCaptured, makeError, plain, this, args)
      : callCaptured(makeError, plain, this, args);
  }
  Object.defineProperty(captured, 'name', { value: fn.name });
  Object.defineProperty(captured, 'length', { value: fn.length });
  return captured as unknown as F;
}

function targetOf(fn: AnyFunction, options: CaptureOptions): Target {
  const name = options.name ?? fn.name;
  return {
    name: name || 'anonymous',
    parameters: named(parametersOf(fn), options.names ?? []),
    prefixes: options.prefixes ?? [],
    types: options.types ?? [],
    declares: options.declares,
    ...(options.entry !== undefined && { entry: options.entry }),
    logger: new Logger(undefined, name),
  };
}

/** The parameters with the names that were given; a rest parameter may be given names for its parts. */
function named(
  parameters: readonly Parameter[],
  names: readonly (string | undefined)[],
): Parameter[] {
  const rest = parameters.filter((one) => one.isRest);
  const own = parameters.filter((one) => !one.isRest);
  const count = Math.max(own.length, rest.length > 0 ? names.length : 0);
  const all = Array.from({ length: count }, (_, i) => {
    const one = own[i] ?? { name: undefined, hasDefault: false, isInjected: false, isRest: false };
    if (names[i] === undefined) return one;
    // Minified code calls inject() by another name.
    const isInjected = one.isInjected || /^[\w$]+\(\)$/.test(one.defaultText ?? '');
    return { ...one, name: names[i], isInjected };
  });
  return [...all, ...rest];
}

/** The plans of a function by run. The last one is at hand: a run makes many calls in a row. */
function plansOf(target: Target): (run: RunContext) => InjectionPlan {
  const plans = new WeakMap<RunContext, InjectionPlan>();
  let lastRun: RunContext | undefined;
  let lastPlan: InjectionPlan | undefined;
  return (run) => {
    if (run === lastRun) return lastPlan!;
    let plan = plans.get(run);
    if (plan === undefined) plans.set(run, (plan = new InjectionPlan(target, run)));
    lastRun = run;
    lastPlan = plan;
    return plan;
  };
}

/**
 * Prepares a call outside of every run: all that can be done for it is to say what it lacks.
 * @returns what `inject()` throws in it.
 */
function fillOutside(target: Target, args: unknown[]): (() => ExpError) | undefined {
  const lacking: string[] = [];
  for (const [i, { name, isInjected, hasDefault, pattern }] of target.parameters.entries()) {
    const given = args[i];
    if (pattern === undefined || name !== undefined) {
      if (isInjected && given === undefined) lacking.push(name ?? '');
      continue;
    }
    if (given === undefined && hasDefault && !isInjected) continue;
    if (given !== undefined && (typeof given !== 'object' || given === null)) continue;
    const absent = pattern.members.filter((one) => given?.[one.name as never] === undefined);
    if (given === undefined) {
      const needed = absent.filter((one) => !one.hasDefault || one.isInjected);
      if (needed.length > 0)
        throw missingRun(
          target,
          needed.map(({ name }) => name!),
        );
      args[i] = {};
    }
    lacking.push(...absent.filter((one) => one.isInjected).map(({ name }) => name!));
  }
  return lacking.length === 0 ? undefined : () => missingRun(target, lacking);
}

import { ExpError } from '../core/errors.ts';
import { runInScope, tryCurrentScope, type Scope } from '../scope/scope.ts';
import { callCaptured, missing, missingRun } from './inject.ts';
import { injectable, injectableByType, injectableNames } from './injectable.ts';
import { isGenerator, parametersOf, type Parameter } from './parameters.ts';

export interface CaptureOptions {
  /** What the function is called in messages and seeds; its own name unless given. */
  readonly name?: string;
  /** Config sections or keys to take values from, by dotted path, instead of the whole config. */
  readonly prefixes?: readonly string[];
  /** Names for the parameters, in order: for minified code, or to rename some of them. */
  readonly names?: readonly (string | undefined)[];
  /** Classes of the parameters, in order, as `design:paramtypes` lists them. */
  readonly types?: readonly unknown[];
  /** Runs before every call, with the `this` of the call. */
  readonly before?: (self: unknown) => void;
}

type AnyFunction = (...args: never[]) => unknown;

/**
 * Wraps a function so that arguments its callers leave out come from the run: by class where one is
 * known, and else by name from the config. Explicit arguments win, then the config, then the
 * function's default. Outside a run the function is called as it is.
 * @throws {ExpError} EXP_CAPTURE when called with too many arguments, or when one is missing.
 */
export function capture<F extends AnyFunction>(fn: F, options: CaptureOptions = {}): F {
  const plain = fn as unknown as (this: unknown, ...args: unknown[]) => unknown;
  const parameters = parametersOf(fn).map((parameter, i) => {
    const name = options.names?.[i];
    return name === undefined ? parameter : { ...parameter, name };
  });
  const name = options.name ?? (fn.name || 'anonymous');
  const entersScope = !isGenerator(fn);
  function captured(this: unknown, ...args: unknown[]): unknown {
    const outer = tryCurrentScope();
    options.before?.(this);
    if (outer === undefined) {
      const lacking = parameters.filter((one, i) => one.isInjected && args[i] === undefined);
      const makeError = (): ExpError => missingRun(name, lacking.map(nameOf));
      return callCaptured(lacking.length > 0 ? makeError : undefined, () =>
        plain.apply(this, args),
      );
    }
    const scope = outer.ofCall(name);
    const { filled, lacking } = fill(name, args, parameters, scope, options);
    const makeError = (): ExpError =>
      missing(name, lacking.map(nameOf), injectableNames(scope, options.prefixes ?? []));
    const call = (): unknown =>
      callCaptured(lacking.length > 0 ? makeError : undefined, () => plain.apply(this, filled));
    // A generator's code runs in the scope of whoever consumes it, whatever we enter here.
    return entersScope ? runInScope(scope, call) : call();
  }
  Object.defineProperty(captured, 'name', { value: fn.name });
  Object.defineProperty(captured, 'length', { value: fn.length });
  return captured as unknown as F;
}

/** The arguments with the gaps filled, and those that `inject()` will ask for. */
function fill(
  name: string,
  args: readonly unknown[],
  parameters: readonly Parameter[],
  scope: Scope,
  options: CaptureOptions,
): { filled: unknown[]; lacking: Parameter[] } {
  const takesMore = parameters.at(-1)?.isRest === true;
  if (args.length > parameters.length && !takesMore) {
    throw new ExpError(
      'EXP_CAPTURE',
      `${name}() takes ${parameters.length} arguments, got ${args.length}.`,
    );
  }
  const filled = [...args];
  const lacking: Parameter[] = [];
  parameters.forEach((parameter, i) => {
    if (args[i] !== undefined || parameter.isRest || parameter.name === undefined) return;
    const found =
      injectableByType(scope, options.types?.[i]) ??
      injectable(scope, parameter.name, options.prefixes ?? []);
    if (found !== undefined) filled[i] = found.value;
    else if (parameter.isInjected) lacking.push(parameter);
    else if (!parameter.hasDefault && i >= args.length) {
      throw missing(name, [parameter.name], injectableNames(scope, options.prefixes ?? []));
    }
  });
  return { filled, lacking };
}

function nameOf(parameter: Parameter): string {
  return parameter.name ?? '';
}

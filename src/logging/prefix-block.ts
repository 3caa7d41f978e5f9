import { inspect } from 'node:util';
import { ExpError } from '../core/errors.ts';
import { runInScope, type Scope } from '../scope/scope.ts';
import { PrefixFrame, type PrefixMethod } from './prefix-frame.ts';

/** @throws {ExpError} EXP_PREFIX for a prefix without a name. */
export function checkPrefix(name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new ExpError(
    'EXP_PREFIX',
    `A prefix needs a name, a text that is not empty; got ${inspect(name)}.`,
  );
}

/** Calls `fn` in the scope of a block; outside a run there is none, and it is just called. */
export function block<T>(scope: Scope | undefined, fn: () => T): T {
  return scope === undefined ? fn() : runInScope(scope, fn);
}

/** A block for synchronous code, in the scope it has in a run. */
export function frame(method: PrefixMethod, name: string, scope?: Scope): Disposable {
  return scope === undefined ? { [Symbol.dispose]() {} } : new PrefixFrame(method, name, scope);
}

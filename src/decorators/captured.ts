import 'reflect-metadata';
import { capture } from '../experiment/capture.ts';
import { fillConfigFields } from '../experiment/config-fields.ts';
import { decorated, misuse, replaceMethod, type Decorated } from './dialect.ts';
import { parameterNames } from './param.ts';

type AnyFunction = (...args: never[]) => unknown;

/** Decorates a method, in either dialect. */
export interface MethodDecorator {
  <This, F extends (this: This, ...args: never[]) => unknown>(
    value: F,
    context: ClassMethodDecoratorContext<This>,
  ): F | void;
  <F extends AnyFunction>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F> | void;
}

/** As a decorator, with or without prefixes, or around a function. */
export interface Captured extends MethodDecorator {
  (...prefixes: string[]): MethodDecorator;
  // A context is what tells a decorated getter from a function.
  <F extends AnyFunction>(fn: F, context?: undefined): F;
}

/**
 * Fills the arguments that callers leave out from the run: `@captured` on a method, `captured(fn)`
 * around a function, `@captured('train')` to take values from a section of the config.
 * @see capture
 */
export const captured: Captured = ((...args: unknown[]): unknown => {
  if (args.every((arg) => typeof arg === 'string')) {
    return (...inner: unknown[]) => decorate(inner, args);
  }
  if (args.length === 1 && typeof args[0] === 'function' && !isClass(args[0])) {
    return capture(args[0] as AnyFunction);
  }
  return decorate(args, []);
}) as Captured;

function decorate(args: readonly unknown[], prefixes: readonly string[]): unknown {
  const found = decorated('captured', args);
  if (found.kind !== 'method') throw misuse('captured', found, 'it belongs on methods');
  return replaceMethod(found, captureMethod(found, prefixes));
}

function captureMethod(found: Decorated, prefixes: readonly string[] = []): AnyFunction {
  const names = found.target === undefined ? [] : parameterNames(found.target, found.name);
  const types = found.target === undefined ? undefined : parameterTypes(found.target, found.name);
  return capture(found.value as AnyFunction, {
    name: found.name,
    prefixes,
    names,
    ...(types !== undefined && { types }),
    before: fillConfigFields,
  });
}

function parameterTypes(target: object, name: string): unknown[] | undefined {
  return Reflect.getOwnMetadata('design:paramtypes', target, name) as unknown[] | undefined;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

import 'reflect-metadata';
import type { ConfigSchema } from '../config/schema.ts';
import { ExpError, suggest } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import { capture, type CaptureOptions } from '../capture/capture.ts';
import { captureTyped, type CaptureByName, type CaptureMembers } from '../capture/capture-typed.ts';
import { fillConfigFields } from '../experiment/config-fields.ts';
import { decorated, misuse, replaceMethod, type Decorated } from './dialect.ts';
import { parameterNames } from './param.ts';

type AnyFunction = (...args: never[]) => unknown;

/** What the code of a captured function does not say itself. */
export type CapturedOptions = Pick<CaptureOptions, 'name' | 'names' | 'prefixes'>;

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

/** As a decorator, with or without prefixes or options, or around a function. */
export interface Captured extends MethodDecorator, CaptureMembers, CaptureByName {
  (...prefixes: string[]): MethodDecorator;
  <F extends AnyFunction>(options: CapturedOptions, fn: F): F;
  (options: CapturedOptions): MethodDecorator;
  // A context is what tells a decorated getter from a function.
  <F extends AnyFunction>(fn: F, context?: undefined): F;
}

/**
 * Fills the arguments that callers leave out from the run: `@captured` on a method, `captured(fn)`
 * around a function, `@captured('train')` to take values from a section of the config. With names,
 * `captured({ names: ['lr'] }, fn)`, it serves minified code; with the schema of the config,
 * `captured(schema, ({ lr, rng }) => ...)` or `captured(schema, ['lr'], (lr) => ...)`, the compiler
 * checks and infers them.
 * @see capture
 */
export const captured: Captured = ((...args: unknown[]): unknown => {
  const [first, second, third] = args;
  if (args.every((arg) => typeof arg === 'string')) {
    return (...inner: unknown[]) => decorate(inner, { prefixes: args });
  }
  if (isSchema(first)) return captureBySchema(first, second, third);
  if (isPlainObject(first) && (args.length === 1 || typeof second === 'function')) {
    const options = checkOptions(first);
    if (second !== undefined) return capture(second as AnyFunction, options);
    return (...inner: unknown[]) => decorate(inner, options);
  }
  if (args.length === 1 && typeof first === 'function' && !isClass(first)) {
    return capture(first as AnyFunction);
  }
  return decorate(args, {});
}) as Captured;

function captureBySchema(schema: ConfigSchema, names: unknown, fn: unknown): AnyFunction {
  if (typeof names === 'function') return captureTyped(schema, undefined, names as AnyFunction);
  if (Array.isArray(names) && typeof fn === 'function') {
    return captureTyped(schema, names as string[], fn as AnyFunction);
  }
  throw new ExpError(
    'EXP_DECORATOR',
    'captured(schema, ...) takes a function, as captured(schema, ({ lr }) => ...), ' +
      "or names and a function, as captured(schema, ['lr'], (lr) => ...).",
  );
}

const OPTIONS = ['name', 'names', 'prefixes'];

function checkOptions(options: Readonly<Record<string, unknown>>): CapturedOptions {
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown === undefined) return options;
  throw new ExpError(
    'EXP_DECORATOR',
    `captured({ ... }) has no option "${unknown}". ${suggest(unknown, OPTIONS)}`,
  );
}

function decorate(args: readonly unknown[], options: CapturedOptions): unknown {
  const found = decorated('captured', args);
  if (found.kind !== 'method') throw misuse('captured', found, 'it belongs on methods');
  return replaceMethod(found, captureMethod(found, options));
}

function captureMethod(found: Decorated, options: CapturedOptions): AnyFunction {
  const { target, name } = found;
  const types = target === undefined ? undefined : parameterTypes(target, name);
  // What stands at a parameter itself counts more than a list beside it.
  const names = [...(options.names ?? [])];
  if (target !== undefined) {
    for (const [i, key] of parameterNames(target, name).entries()) names[i] = key ?? names[i];
  }
  return capture(found.value as AnyFunction, {
    name,
    ...options,
    names,
    ...(types !== undefined && { types }),
    before: fillConfigFields,
  });
}

function parameterTypes(target: object, name: string): unknown[] | undefined {
  return Reflect.getOwnMetadata('design:paramtypes', target, name) as unknown[] | undefined;
}

function isSchema(value: unknown): value is ConfigSchema {
  const isAny = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isAny && '~standard' in value;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

import { ExpError, suggest } from '../core/errors.ts';
import { fillConfigFields } from '../experiment/config-fields.ts';
import { schemaOfFields } from '../experiment/fields-schema.ts';
import { define, type Command, type ExperimentOptions } from '../experiment/definition.ts';
import {
  commandOf,
  defineExperiment,
  type Experiment,
  type FunctionOptions,
  type MainFunction,
  type MainWithValues,
} from '../experiment/experiment.ts';
import { allMembers } from '../experiment/members.ts';
import { register } from '../experiment/registry.ts';
import type { SweepInterval } from '../config/config-types.ts';
import type { Run } from '../run/run.ts';
import { decorated, describe, misuse, type Decorated } from './dialect.ts';

/** Decorates a class with a `main` method, or a static method, in either dialect. */
export interface ExperimentDecorator<Config> {
  <This, F extends (this: This, run: Run<Config>, ...captured: never[]) => unknown>(
    value: F,
    context: ClassMethodDecoratorContext<This> & { readonly static: true },
  ): void;
  <T extends new () => { main(run: Run<Config>, ...captured: never[]): unknown }>(
    value: T,
    context?: ClassDecoratorContext<T>,
  ): void;
  <F extends (run: Run<Config>, ...captured: never[]) => unknown>(
    target: abstract new (...args: never[]) => unknown,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): void;
}

/** What a sweep tries, by dotted path. */
type SweptKeys = Readonly<Record<string, readonly unknown[] | SweepInterval>>;

/** Options of an experiment whose config is declared by its `@config(schema)` fields, if at all. */
export interface FieldsOptions extends Omit<
  ExperimentOptions<never>,
  'config' | 'sweep' | 'exclude' | 'track'
> {
  readonly config?: undefined;
  readonly sweep?: SweptKeys | readonly SweptKeys[];
  readonly exclude?: readonly Readonly<Record<string, unknown>>[];
  readonly track?: readonly string[];
}

/**
 * Defines an experiment: `@experiment({ name })` on a class with a `main` method or on a static
 * method, or `experiment({ name }, async (run) => { ... })` around a function.
 * @throws {ExpError} EXP_EXPERIMENT or EXP_DECORATOR, when the file loads.
 */
export function experiment<Config = Record<string, never>>(
  options: FunctionOptions<Config>,
  main: MainWithValues<Config>,
): Experiment<Config>;
export function experiment<Config = Record<string, never>>(
  options: FunctionOptions<Config>,
  main: MainFunction<Config>,
): Experiment<Config>;
export function experiment(options: FieldsOptions): ExperimentDecorator<never>;
export function experiment<Config = Record<string, never>>(
  options: ExperimentOptions<Config>,
): ExperimentDecorator<Config>;
export function experiment<Config>(
  options: FunctionOptions<Config> | FieldsOptions,
  main?: MainFunction<Config>,
): Experiment<Config> | ExperimentDecorator<Config> {
  if (typeof options !== 'object') {
    throw new ExpError(
      'EXP_DECORATOR',
      "@experiment takes options: @experiment({ name: 'digits' }).",
    );
  }
  if (main !== undefined) return defineExperiment(options as FunctionOptions<Config>, main);
  return ((...args: unknown[]) => {
    const found = decorated('experiment', args);
    if (found.kind === 'class')
      decorateClass(found, options as unknown as ExperimentOptions<never>);
    else if (found.kind === 'method' && found.isStatic && !found.isPrivate) {
      decorateStatic(found, options as unknown as ExperimentOptions<never>);
    } else {
      throw misuse(
        'experiment',
        found,
        'it belongs on a class with a main method, or a static method',
      );
    }
  }) as ExperimentDecorator<Config>;
}

type Constructor = new () => Record<string, unknown>;

function decorateClass(found: Decorated, options: ExperimentOptions<never>): void {
  const Class = found.value as Constructor;
  const prototype = Class.prototype as Record<string, unknown>;
  const members = allMembers(found.membersKey, prototype);
  const where = describe(found);
  const names = ['main', ...members.commands];
  const notFunction = names.find((name) => typeof prototype[name] !== 'function');
  if (notFunction !== undefined) {
    const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
    throw new ExpError(
      'EXP_EXPERIMENT',
      `${where} is decorated with @experiment and needs a method ${notFunction}(run). ` +
        suggest(notFunction, methods),
    );
  }
  const config = options.config ?? schemaOfFields(members.fields);
  const complete = config === undefined ? options : { ...options, config: config as never };
  const commands = new Map(names.map((name) => [name, methodCommand(options.name, Class, name)]));
  register(define(where, complete, commands), Class, where);
}

function methodCommand(experiment: string, Class: Constructor, name: string): Command {
  // Captured here, since a class decorator gives main no metadata of its own.
  const method = commandOf(
    experiment,
    name,
    Class.prototype[name] as (...args: never[]) => unknown,
  );
  return (run) => {
    const instance = new Class();
    fillConfigFields(instance);
    return method.call(instance, run);
  };
}

function decorateStatic(found: Decorated, options: ExperimentOptions<never>): void {
  const method = found.value as (...args: never[]) => unknown;
  const commands = new Map([['main', commandOf(options.name, 'main', method, found.name)]]);
  register(define(describe(found), options, commands), method, describe(found));
}

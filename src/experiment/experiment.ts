import type { Run } from '../run/run.ts';
import { define, type Command, type ExperimentOptions } from './definition.ts';
import type { InjectedValues } from '../capture/injected-types.ts';
import { register } from './registry.ts';
import { capture } from '../capture/capture.ts';
import { parametersOf } from '../capture/parameters.ts';
import type { ConfigValues } from '../config/config-types.ts';
import type { RunOptions } from '../run/run-options.ts';
import { runExperiment } from './run-experiment.ts';

/** The code of an experiment: the run comes first, further parameters are captured. */
export type MainFunction<Config> = (run: Run<Config>, ...captured: never[]) => unknown;

/** The same with one parameter that is taken apart: `(run, { lr, rng }) => ...`. */
export type MainWithValues<Config> = (
  run: Run<Config>,
  captured: InjectedValues<Config>,
  // Without more, the compiler would infer nothing for functions that name their parameters.
  ...more: never[]
) => unknown;

/** Options of an experiment whose main is a function. */
export interface FunctionOptions<Config> extends ExperimentOptions<Config> {
  /** Further entry points: `run-exp main.ts evaluate`. */
  readonly commands?: Readonly<Record<string, MainFunction<Config>>>;
}

/** An experiment made of a plain function. */
export class Experiment<Config> {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** @see runExperiment */
  run(overrides: ConfigValues<Config> = {}, options: RunOptions = {}): Promise<Run<Config>> {
    return runExperiment<Config>(this, overrides, options);
  }
}

/**
 * Makes an experiment of a function.
 * @throws {ExpError} EXP_EXPERIMENT for options that make no sense, or a name that is taken.
 */
export function defineExperiment<Config>(
  options: FunctionOptions<Config>,
  main: MainFunction<Config>,
): Experiment<Config> {
  const where = `experiment("${options.name}")`;
  const functions = Object.entries({ main, ...options.commands });
  const commands = new Map(
    functions.map(([name, fn]) => [name, commandOf(options.name, name, fn)]),
  );
  const experiment = new Experiment<Config>(options.name);
  register(
    define(where, options as unknown as ExperimentOptions<never>, commands),
    experiment,
    where,
  );
  return experiment;
}

/**
 * The command a function makes: captured, with the run as its first argument.
 * @param name is what messages and seeds call the function.
 */
export function commandOf(
  experiment: string,
  command: string,
  fn: (...args: never[]) => unknown,
  name: string = command,
): Command {
  const captured = capture(fn, { name, entry: { experiment, command } }) as (
    this: unknown,
    ...args: unknown[]
  ) => unknown;
  const takesRun = parametersOf(fn).length > 0;
  return function (this: unknown, run) {
    return takesRun ? captured.call(this, run) : captured.call(this);
  };
}

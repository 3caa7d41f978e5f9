import type { Derivations } from '../config/derive.ts';
import type { ConfigSchema } from '../config/schema.ts';
import { ExpError } from '../core/errors.ts';
import type { Objective } from '../core/objective.ts';
import { isExperimentName } from '../core/run-id.ts';
import { userPlace, type Place } from '../core/place.ts';
import type { SinkChoice } from '../core/sink.ts';
import type { Run } from '../run/run.ts';
import type {
  ConfigHook,
  ConfigPaths,
  Derive,
  NamedConfig,
  SweepOf,
} from '../config/config-types.ts';
import { mistakeIn } from './mistakes.ts';
import type { NamedConfigs } from './named-configs.ts';

/** What an experiment is, apart from its code. */
export interface ExperimentOptions<Config> {
  /** Names the experiment and its directory: letters, digits, dots, dashes, underscores. */
  readonly name: string;
  readonly description?: string;
  readonly config?: ConfigSchema<Config>;
  /** Values to choose by name: `run-exp main.ts with=big`. */
  readonly configs?: Readonly<Record<string, NamedConfig<Config>>>;
  /** Functions that set values in view of the whole config. */
  readonly hooks?: readonly ConfigHook<Config>[];
  /** Values computed from others: `{ warmup: (config) => config.epochs / 10 }`. */
  readonly derive?: Derive<Config>;
  /** The values that `--sweep` tries, every combination of them. */
  readonly sweep?: SweepOf<Config>;
  /** How often a sweep runs every variant, each time with another seed. Default 1. */
  readonly repeats?: number;
  readonly objective?: Objective;
  /** Keys whose values become part of the run id. In a sweep it is the swept ones. */
  readonly track?: readonly (ConfigPaths<Config> & string)[];
  /** Default: csv, tensorboard and stdout. */
  readonly sinks?: readonly SinkChoice[];
  /**
   * Makes `Math.random` draw from the run's seed, in its code alone: for libraries that take no
   * generator. Default false.
   */
  readonly seedGlobals?: boolean;
}

/** Runs a command of an experiment in the current scope. */
export type Command = (run: Run) => unknown;

/** An experiment as everything below the decorators knows it. */
export interface Definition {
  readonly name: string;
  readonly description?: string;
  readonly schema: ConfigSchema | undefined;
  readonly configs: NamedConfigs;
  readonly hooks: readonly ConfigHook<never>[];
  readonly derive: Derivations;
  /** Where in the user's code it is defined. */
  readonly place?: Place;
  readonly sweep: Readonly<Record<string, readonly unknown[]>>;
  readonly repeats: number;
  readonly objective?: Objective;
  readonly track?: readonly string[];
  readonly sinks?: readonly SinkChoice[];
  readonly seedGlobals: boolean;
  /** Sinks of the user's that flags may name though the experiment does not. */
  readonly brought?: readonly SinkChoice[];
  /** `main` and the further entry points. */
  readonly commands: ReadonlyMap<string, Command>;
}

/** Every sink an experiment can be given apart from the built-in ones. */
export function ownSinks({ sinks = [], brought = [] }: Definition): readonly SinkChoice[] {
  return [...brought, ...sinks];
}

/**
 * Checks an experiment and fills in defaults.
 * @param where names class and member in error messages.
 * @throws {ExpError} EXP_EXPERIMENT
 */
export function define(
  where: string,
  options: ExperimentOptions<never>,
  commands: ReadonlyMap<string, Command>,
): Definition {
  const { name, description, config: schema, configs = {}, hooks = [], derive = {} } = options;
  const { sweep = {}, repeats = 1, objective, track, sinks, seedGlobals = false } = options;
  const problem = (text: string): ExpError => new ExpError('EXP_EXPERIMENT', `${where}: ${text}`);
  if (typeof name !== 'string' || !isExperimentName(name)) {
    throw problem(
      `"${name}" cannot name an experiment. Use letters, digits, dots, dashes and underscores.`,
    );
  }
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw problem(`repeats must be a whole number of at least 1, got ${String(repeats)}.`);
  }
  const mistake = mistakeIn(options);
  if (mistake !== undefined) throw problem(mistake);
  const place = userPlace(new Error().stack);
  return {
    name,
    ...(description !== undefined && { description }),
    schema,
    configs,
    hooks,
    derive,
    ...(place !== undefined && { place }),
    sweep,
    repeats,
    ...(objective !== undefined && { objective }),
    ...(track !== undefined && { track }),
    ...(sinks !== undefined && { sinks }),
    seedGlobals,
    commands,
  };
}

import { checkPolicy } from '../checkpoint/policy.ts';
import type { Derivations } from '../config/derive.ts';
import type { ConfigSchema } from '../config/schema.ts';
import { ExpError } from '../core/errors.ts';
import { isExperimentName } from '../core/run-id.ts';
import { userPlace, type Place } from '../core/place.ts';
import type { SinkChoice } from '../core/sink.ts';
import { nanGuard } from '../run/nan-guard.ts';
import { pickSettings, type RunSettings } from '../run/run-settings.ts';
import { systemMetricsEvery } from '../run/system-metrics.ts';
import type { Run } from '../run/run.ts';
import type {
  ConfigHook,
  ConfigPaths,
  Derive,
  NamedConfig,
  SweepOf,
  SweptPoint,
} from '../config/config-types.ts';
import { mistakeIn } from './mistakes.ts';
import type { NamedConfigs } from './named-configs.ts';
import { readSweep, type Sweep } from './read-sweep.ts';

/** What an experiment is, apart from its code. */
export interface ExperimentOptions<Config> extends RunSettings {
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
  /**
   * The values that `--sweep` tries, every combination of them; or a list of levels, which are
   * combined, while the keys of one level vary together and list as many values.
   */
  readonly sweep?: SweepOf<Config> | readonly SweepOf<Config>[];
  /** Points that the sweep leaves out: every variant that has all the values of one of them. */
  readonly exclude?: readonly SweptPoint<Config>[];
  /** How many points a sweep draws from its intervals. */
  readonly samples?: number;
  /** How often a sweep runs every variant, each time with another seed. Default 1. */
  readonly repeats?: number;
  /** Keys whose values become part of the run id. In a sweep it is the swept ones. */
  readonly track?: readonly (ConfigPaths<Config> & string)[];
}

/** Runs a command of an experiment in the current scope. */
export type Command = (run: Run) => unknown;

/** An experiment as everything below the decorators knows it. */
export interface Definition extends RunSettings {
  readonly name: string;
  readonly description?: string;
  readonly schema: ConfigSchema | undefined;
  readonly configs: NamedConfigs;
  readonly hooks: readonly ConfigHook<never>[];
  readonly derive: Derivations;
  /** Where in the user's code it is defined. */
  readonly place?: Place;
  readonly sweep: Sweep;
  readonly samples?: number;
  readonly repeats: number;
  readonly track?: readonly string[];
  /** Those of its project, for an experiment that names none. */
  readonly projectSinks?: readonly SinkChoice[];
  /** Sinks of the user's that flags may name though nobody has chosen them. */
  readonly brought?: readonly SinkChoice[];
  /** `main` and the further entry points. */
  readonly commands: ReadonlyMap<string, Command>;
}

/** Every sink an experiment can be given apart from the built-in ones. */
export function ownSinks(definition: Definition): readonly SinkChoice[] {
  const { sinks = [], projectSinks = [], brought = [] } = definition;
  return [...projectSinks, ...brought, ...sinks];
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
  const { sweep = {}, exclude, samples, repeats = 1, track } = options;
  const problem = (text: string): ExpError => new ExpError('EXP_EXPERIMENT', `${where}: ${text}`);
  if (typeof name !== 'string' || !isExperimentName(name)) {
    throw problem(
      `"${name}" cannot name an experiment. Use letters, digits, dots, dashes and underscores.`,
    );
  }
  for (const [option, count] of Object.entries({ repeats, samples })) {
    if (count === undefined || (Number.isInteger(count) && count >= 1)) continue;
    throw problem(`${option} must be a whole number of at least 1, got ${String(count)}.`);
  }
  const mistake = mistakeIn(options);
  // These throw for what they cannot take.
  const declared = readSweep({
    ...(Array.isArray(sweep) ? { levels: sweep } : { axes: sweep }),
    ...(exclude !== undefined && { exclude }),
  });
  systemMetricsEvery(options.systemMetrics);
  nanGuard(options.stopOnNaN);
  if (options.checkpoint !== undefined) checkPolicy(options.checkpoint, where);
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
    sweep: declared,
    ...(samples !== undefined && { samples }),
    repeats,
    ...(track !== undefined && { track }),
    ...pickSettings(options),
    commands,
  };
}

import type { Derivations } from '../config/derive.ts';
import { configKeys } from '../config/keys.ts';
import { schemaOf } from '../config/compose.ts';
import type { ConfigSchema } from '../config/schema.ts';
import { followKey, propertiesOf, typesOf, type JsonSchema } from '../config/json-schema.ts';
import { isPlainObject, jsonLine } from '../core/json.ts';
import { ExpError, suggest } from '../core/errors.ts';
import type { Objective } from '../core/objective.ts';
import { isExperimentName } from '../core/run-id.ts';
import { parsePath } from '../config/path.ts';
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
import { RESERVED_NAMES } from '../capture/injectable.ts';
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
   * The full tag of a metric whose value is the step of a row: `env_steps`. A row that has it takes
   * it, one that has not gets the last step.
   */
  readonly stepMetric?: string;
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
  readonly stepMetric?: string;
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
  const { stepMetric } = options;
  const problem = (text: string): ExpError => new ExpError('EXP_EXPERIMENT', `${where}: ${text}`);
  if (typeof name !== 'string' || !isExperimentName(name)) {
    throw problem(
      `"${name}" cannot name an experiment. Use letters, digits, dots, dashes and underscores.`,
    );
  }
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw problem(`repeats must be a whole number of at least 1, got ${String(repeats)}.`);
  }
  const described = schemaOf(schema);
  const mistake =
    reservedKey(described) ??
    unknownKey(described, [...Object.keys(sweep), ...Object.keys(derive), ...(track ?? [])]) ??
    badDerivation(described, derive) ??
    badHook(hooks) ??
    badConfig(configs);
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
    ...(stepMetric !== undefined && { stepMetric }),
    seedGlobals,
    commands,
  };
}

function reservedKey(schema: JsonSchema): string | undefined {
  const top = [...propertiesOf(schema).keys()];
  const injected = top.find((key) => RESERVED_NAMES.includes(key));
  if (injected !== undefined) {
    return `"${injected}" cannot be a config key: captured functions get the ${injected} by it.`;
  }
  if (top.includes('with')) return '"with" cannot be a config key: with=name chooses a config.';
  if (top.includes('extends')) {
    return '"extends" cannot be a config key: in config files it names other files.';
  }
  return undefined;
}

function unknownKey(schema: JsonSchema, used: readonly string[]): string | undefined {
  const isKnown = (key: string): boolean => {
    const path = parsePath(key);
    return key === 'seed' || (path !== undefined && followKey(schema, path) !== undefined);
  };
  const unknown = used.find((key) => !isKnown(key));
  if (unknown === undefined) return undefined;
  const keys = configKeys(schema).map((key) => key.path);
  return `the config has no key "${unknown}". ${suggest(unknown, keys)}`;
}

function badDerivation(schema: JsonSchema, derive: Derivations): string | undefined {
  if (Object.hasOwn(derive, 'seed')) return '"seed" cannot be derived: it is chosen before.';
  for (const [key, fn] of Object.entries(derive)) {
    if (typeof fn !== 'function') return `derive: "${key}" must be a function.`;
    const section = followKey(schema, parsePath(key)!.slice(0, -1));
    if (typeof section === 'object' && typesOf(section).includes('array')) {
      return `derive: "${key}" is an item of a list. Derive the whole list.`;
    }
  }
  return undefined;
}

function badHook(hooks: readonly unknown[]): string | undefined {
  const bad = hooks.find((hook) => typeof hook !== 'function');
  return bad === undefined ? undefined : `a config hook must be a function, got ${jsonLine(bad)}.`;
}

function badConfig(configs: NamedConfigs): string | undefined {
  for (const [name, config] of Object.entries(configs)) {
    if (!/^[\w-]+$/.test(name)) {
      return `"${name}" cannot name a config. Use letters, digits, dashes and underscores.`;
    }
    if (!isPlainObject(config) && typeof config !== 'function') {
      return `the config "${name}" must be an object or a function, got ${jsonLine(config)}.`;
    }
  }
  return undefined;
}

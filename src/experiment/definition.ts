import { configKeys } from '../config/keys.ts';
import { schemaOf } from '../config/compose.ts';
import type { ConfigSchema } from '../config/schema.ts';
import { ExpError, suggest } from '../core/errors.ts';
import type { Objective } from '../core/objective.ts';
import { isExperimentName } from '../core/run-id.ts';
import type { SinkChoice } from '../core/sink.ts';
import type { Run } from '../run/run.ts';
import { RESERVED_NAMES } from './injectable.ts';

/** Keys of a config at any depth, dotted, with the types of their values. */
type ConfigPaths<C> = C extends readonly unknown[] | Date | ((...args: never[]) => unknown)
  ? never
  : {
      [K in keyof C & string]: NonNullable<C[K]> extends Record<string, unknown>
        ? K | `${K}.${ConfigPaths<NonNullable<C[K]>> & string}`
        : K;
    }[keyof C & string];

/** The type of the value at a dotted path. */
type ConfigAt<C, P extends string> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof C
    ? ConfigAt<NonNullable<C[K]>, Rest>
    : never
  : P extends keyof C
    ? C[P]
    : never;

/** Values for swept keys, by dotted path. */
export type SweepOf<C> = { readonly [P in ConfigPaths<C> & string]?: readonly ConfigAt<C, P>[] } & {
  /** Root seeds of the runs, whether the config has such a key or not. */
  readonly seed?: readonly number[];
};

/** What an experiment is, apart from its code. */
export interface ExperimentOptions<Config> {
  /** Names the experiment and its directory: letters, digits, dots, dashes, underscores. */
  readonly name: string;
  readonly description?: string;
  readonly config?: ConfigSchema<Config>;
  /** The values that `--sweep` tries, every combination of them. */
  readonly sweep?: SweepOf<Config>;
  /** How often a sweep runs every variant, each time with another seed. Default 1. */
  readonly repeats?: number;
  readonly objective?: Objective;
  /** Keys whose values become part of the run id. In a sweep it is the swept ones. */
  readonly track?: readonly (ConfigPaths<Config> & string)[];
  /** Default: csv, tensorboard and stdout. */
  readonly sinks?: readonly SinkChoice[];
}

/** Runs a command of an experiment in the current scope. */
export type Command = (run: Run) => unknown;

/** An experiment as everything below the decorators knows it. */
export interface Definition {
  readonly name: string;
  readonly description?: string;
  readonly schema: ConfigSchema | undefined;
  readonly sweep: Readonly<Record<string, readonly unknown[]>>;
  readonly repeats: number;
  readonly objective?: Objective;
  readonly track?: readonly string[];
  readonly sinks?: readonly SinkChoice[];
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
  const {
    name,
    description,
    config: schema,
    sweep = {},
    repeats = 1,
    objective,
    track,
    sinks,
  } = options;
  const problem = (text: string): ExpError => new ExpError('EXP_EXPERIMENT', `${where}: ${text}`);
  if (typeof name !== 'string' || !isExperimentName(name)) {
    throw problem(
      `"${name}" cannot name an experiment. Use letters, digits, dots, dashes and underscores.`,
    );
  }
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw problem(`repeats must be a whole number of at least 1, got ${String(repeats)}.`);
  }
  const known = configKeys(schemaOf(schema)).map((key) => key.path);
  const reserved = known.find((key) => RESERVED_NAMES.includes(key));
  if (reserved !== undefined) {
    throw problem(
      `"${reserved}" cannot be a config key: captured functions get the ${reserved} by it.`,
    );
  }
  for (const key of [...Object.keys(sweep), ...(track ?? [])]) {
    if (known.includes(key) || key === 'seed') continue;
    // a whole section, or a key inside an open one
    if (known.some((path) => path.startsWith(`${key}.`) || key.startsWith(`${path}.`))) continue;
    throw problem(`the config has no key "${key}". ${suggest(key, known)}`);
  }
  return {
    name,
    ...(description !== undefined && { description }),
    schema,
    sweep,
    repeats,
    ...(objective !== undefined && { objective }),
    ...(track !== undefined && { track }),
    ...(sinks !== undefined && { sinks }),
    commands,
  };
}

import type { Logger } from '../logging/logger.ts';
import type { Rng } from '../random/rng.ts';
import type { Run } from '../run/run.ts';
import type { ConfigAt, ConfigPaths, DeepReadonly } from '../config/config-types.ts';

/** What captured functions get by name from every run, besides its config. */
export interface SpecialValues<Config> {
  readonly run: Run<Config>;
  /** The config, or the section of a function that is captured with one. */
  readonly config: DeepReadonly<Config>;
  /** The ubiquitous logger; its text lines name the function. */
  readonly logger: Logger;
  /** A new generator for every call. */
  readonly rng: Rng;
  /** A new seed for every call. */
  readonly seed: number;
  readonly runId: string;
  readonly runDir: string;
  readonly signal: AbortSignal;
}

/** The names a captured function may ask for: keys of the config, dotted, and special values. */
export type InjectedName<Config> =
  | keyof SpecialValues<Config>
  // A config without a schema has no keys to name.
  | (string extends keyof Config ? never : ConfigPaths<Config> & string);

/** The type of what a captured function gets by a name. */
export type InjectedValue<Config, Name extends string> = Name extends keyof SpecialValues<Config>
  ? SpecialValues<Config>[Name]
  : DeepReadonly<ConfigAt<Config, Name>>;

/** Everything a captured function may take apart in one parameter. */
export type InjectedValues<Config> = {
  readonly [Name in InjectedName<Config>]: InjectedValue<Config, Name>;
};

/** What its callers may give it in place of that. */
export type GivenValues<Config> = {
  readonly [Name in InjectedName<Config>]?: InjectedValue<Config, Name> | undefined;
};

/** The arguments of a captured function by their names, in order. */
export type InjectedList<Config, Names extends readonly string[]> = {
  -readonly [I in keyof Names]: InjectedValue<Config, Names[I]>;
};

/** What its callers may give it in place of those. */
export type GivenList<Config, Names extends readonly string[]> = {
  -readonly [I in keyof Names]?: InjectedValue<Config, Names[I]> | undefined;
};

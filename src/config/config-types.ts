/** A type whose properties cannot be assigned, at any depth. */
export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends Date
    ? T
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** Keys of a config at any depth, dotted. */
export type ConfigPaths<C> = C extends readonly unknown[] | Date | ((...args: never[]) => unknown)
  ? never
  : {
      [K in keyof C & string]: NonNullable<C[K]> extends Record<string, unknown>
        ? K | `${K}.${ConfigPaths<NonNullable<C[K]>> & string}`
        : K;
    }[keyof C & string];

/** The type of the value at a dotted path. */
export type ConfigAt<C, P extends string> = P extends `${infer K}.${infer Rest}`
  ? K extends keyof C
    ? ConfigAt<NonNullable<C[K]>, Rest>
    : never
  : P extends keyof C
    ? C[P]
    : never;

/** Config values to set, section by section; other layers hold for the others. */
export type ConfigOverrides<C> = {
  readonly [K in keyof C]?: C[K] extends Record<string, unknown> ? ConfigOverrides<C[K]> : C[K];
};

/** The same, where keys of sections may be written as paths: `{ 'train.lr': 0.1 }`. */
export type ConfigValues<C> = ConfigOverrides<C> & {
  readonly [P in ConfigPaths<C> & string as P extends `${string}.${string}` ? P : never]?: ConfigAt<
    C,
    P
  >;
};

/**
 * Values that `with=name` chooses. They may extend other named configs, or be made by a function that
 * sees the config as the other layers have it, defaults of all sections included.
 */
export type NamedConfig<C> =
  | (ConfigValues<C> & { readonly extends?: string | readonly string[] })
  | ((config: DeepReadonly<C>) => ConfigValues<C>);

/** What a config hook knows beside the config. */
export interface HookContext {
  /** `main`, or the command that will run. */
  readonly command: string;
  /** The root seed of the run. */
  readonly seed: number;
}

/**
 * Sets values in view of the whole config, below files, named configs and all that is explicit:
 * `(config) => (config.model === 'large' ? { batchSize: 8 } : {})`.
 */
export type ConfigHook<C> = (
  config: DeepReadonly<C>,
  context: HookContext,
) => ConfigValues<C> | undefined | void | Promise<ConfigValues<C> | undefined | void>;

/** Functions that compute a value from others; they follow every layer, unless the key itself is set. */
export type Derive<C> = {
  readonly [P in ConfigPaths<C> & string]?: (config: DeepReadonly<C>) => ConfigAt<C, P>;
};

/** Values for swept keys, by dotted path. */
export type SweepOf<C> = { readonly [P in ConfigPaths<C> & string]?: readonly ConfigAt<C, P>[] } & {
  /** Root seeds of the runs, whether the config has such a key or not. */
  readonly seed?: readonly number[];
};

/** A type whose properties cannot be assigned, at any depth. */
export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends Date
    ? T
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** `any` is the one type that is both above and below all others. */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** What has no keys of its own to name. */
type Leaf = string | number | boolean | bigint | null | undefined | Composite;
type Composite = readonly unknown[] | Date | ((...args: never[]) => unknown);

/** How far names are spelled out: schemas may refer to themselves, and below that any name will do. */
type Depth = readonly [never, 0, 1, 2, 3, 4];

/** Keys of a config at any depth, dotted. */
export type ConfigPaths<C, D extends number = 5> =
  IsAny<C> extends true
    ? string
    : C extends Leaf
      ? never
      : { [K in keyof C & string]: K | PathsBelow<K, C[K], D> }[keyof C & string];

type PathsBelow<K extends string, T, D extends number> =
  IsAny<T> extends true
    ? `${K}.${string}`
    : T extends Leaf
      ? never
      : T extends Record<string, unknown>
        ? `${K}.${D extends 0 ? string : ConfigPaths<T, Depth[D]> & string}`
        : never;

/** The type of the value at a dotted path; of all values that a pattern of paths may mean. */
export type ConfigAt<C, P extends string> =
  IsAny<C> extends true
    ? C
    : C extends unknown
      ? string extends P
        ? ValueIn<C[keyof C]>
        : P extends keyof C
          ? C[P]
          : P extends `${infer K}.${infer Rest}`
            ? K extends keyof C
              ? ConfigAt<NonNullable<C[K]>, Rest>
              : never
            : never
      : never;

/** A value, or one at any depth in it. */
type ValueIn<T, D extends number = 3> =
  IsAny<T> extends true
    ? T
    : D extends 0
      ? unknown
      : T extends Leaf
        ? T
        : T | { [K in keyof T]: ValueIn<T[K], Depth[D]> }[keyof T];

/** Config values to set, section by section; other layers hold for the others. */
export type ConfigOverrides<C> = { readonly [K in keyof C]?: OverrideOf<C[K]> };

type OverrideOf<T> = T extends Record<string, unknown> ? ConfigOverrides<T> : T;

/** The same, where keys may be written as on a command line: `{ 'train.lr': 0.1, '~epochs': null }`. */
export type ConfigValues<C> = ConfigOverrides<C> & {
  readonly [
    P in ConfigPaths<C> & string as P extends `${string}.${string}` ? P : never
  ]?: OverrideOf<ConfigAt<C, P>>;
} & {
  /** Replaces a whole section: its other keys have their defaults. */
  readonly [P in ConfigPaths<C> & string as `${P}:`]?: OverrideOf<ConfigAt<C, P>>;
} & {
  /** Takes back what other layers set. */
  readonly [P in ConfigPaths<C> & string as `~${P}`]?: null;
} & {
  /** Sets an item of a list, or adds one behind the last. */
  readonly [P in ConfigPaths<C> & string as ItemPaths<C, P> | `+${ItemPaths<C, P>}`]?: ItemAt<C, P>;
} & {
  /** Adds a key to an open section. */
  readonly [
    P in ConfigPaths<C> & string as IsPattern<P> extends true ? `+${P}` : never
  ]?: OverrideOf<ConfigAt<C, P>>;
};

/** True for `weights.${string}`, which stands for many paths: an object needs none of them. */
type IsPattern<P extends string> = Record<'', 1> extends Record<P, 1> ? true : false;

/** The items of the list at a path, and all that is in them. */
type ItemPaths<C, P extends string> =
  NonNullable<ConfigAt<C, P>> extends readonly unknown[]
    ? `${P}[${number}]${'' | `.${string}`}`
    : never;

type ItemAt<C, P extends string> =
  NonNullable<ConfigAt<C, P>> extends readonly (infer Item)[] ? ValueIn<Item> : never;

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

/** Numbers to draw at random, `samples` of them. */
export interface SweepInterval {
  readonly interval: readonly [low: number, high: number];
  /** Makes every order of magnitude as likely. Default false. */
  readonly log?: boolean;
  /** Draws integers, both ends included. Default: as the schema of the key says. */
  readonly int?: boolean;
}

/** What a sweep tries for a value: a list or, where it may be a number, an interval. */
type SweptOf<T> =
  readonly T[] | (Extract<NonNullable<T>, number> extends never ? never : SweepInterval);

/** Values for swept keys, by dotted path. */
export type SweepOf<C> = { readonly [P in ConfigPaths<C> & string]?: SweptOf<ConfigAt<C, P>> } & {
  readonly [P in ConfigPaths<C> & string as ItemPaths<C, P>]?: SweptOf<ItemAt<C, P>>;
} & {
  /** Root seeds of the runs, whether the config has such a key or not. */
  readonly seed?: SweptOf<number>;
};

/** Values of swept keys, by dotted path: points of a sweep. */
export type SweptPoint<C> = { readonly [P in ConfigPaths<C> & string]?: ConfigAt<C, P> } & {
  readonly [P in ConfigPaths<C> & string as ItemPaths<C, P>]?: ItemAt<C, P>;
} & { readonly seed?: number };

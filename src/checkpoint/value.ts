/** A value as the tree of a checkpoint spells it: JSON's own, a reference, or a word for what JSON lacks. */
export type Spelled =
  | null
  | boolean
  | number
  | string
  /** The number of a node. */
  | readonly [node: number]
  | { readonly $: string }
  | { readonly bigint: string };

/** What has parts or an identity; each stands once in a file, however often it is referred to. */
export type Node =
  | { readonly type: 'object'; readonly keys: string[]; values: Spelled[]; readonly bare?: true }
  | { readonly type: 'array'; values: Spelled[] }
  | { readonly type: 'sparse'; readonly length: number; readonly at: number[]; values: Spelled[] }
  | { readonly type: 'map'; keys: Spelled[]; values: Spelled[] }
  | { readonly type: 'set'; values: Spelled[] }
  | { readonly type: 'date'; readonly time: number | null }
  | {
      readonly type: 'regexp';
      readonly source: string;
      readonly flags: string;
      readonly lastIndex: number;
    }
  | {
      readonly type: 'error';
      /** The name of a class of the language. */
      readonly kind: string;
      readonly message: string;
      readonly stack?: string;
      readonly cause?: Spelled;
      readonly keys: string[];
      values: Spelled[];
    }
  /** Numbers of a plain array, as 64 bit floats. */
  | { readonly type: 'numbers'; readonly length: number; segment: number; offset: number }
  | {
      readonly type: 'binary';
      readonly kind: string;
      length: number;
      segment: number;
      offset: number;
    }
  | { readonly type: 'codec'; readonly name: string; value: Spelled }
  | { readonly type: 'hook'; readonly name: string; value: Spelled };

/** A run of bytes in a file. */
export interface Segment {
  /** Counted from the first segment, which lies behind the tree. */
  readonly offset: number;
  readonly length: number;
  readonly crc32c: number;
  readonly lead?: number;
}

/** What the second JSON text of a file holds. */
export interface Tree {
  readonly state: Spelled;
  readonly context: Spelled;
  readonly nodes: readonly Node[];
  readonly segments: readonly Segment[];
}

const WORDS: ReadonlyMap<string, number | undefined> = new Map([
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
  ['-0', -0],
]);

/** Spells a value without parts; `undefined` for one that has some, or cannot be saved. */
export function spell(value: unknown): Spelled | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value === undefined) return { $: 'undefined' };
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (typeof value !== 'number') return undefined;
  if (Object.is(value, -0)) return { $: '-0' };
  return Number.isFinite(value) ? value : { $: String(value) };
}

/** True for what refers to a node. */
export function isReference(spelled: Spelled): spelled is readonly [number] {
  return Array.isArray(spelled);
}

/** The value of what refers to no node. */
export function unspell(spelled: Exclude<Spelled, readonly [number]>): unknown {
  if (typeof spelled !== 'object' || spelled === null) return spelled;
  return 'bigint' in spelled ? BigInt(spelled.bigint) : WORDS.get(spelled.$);
}

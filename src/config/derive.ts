import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import { leaves, type Assignment } from './assignment.ts';
import { complete } from './defaults.ts';
import { define, own, valueAt } from './container.ts';
import type { Draft } from './draft.ts';
import { parsePath, pathText, type Path } from './path.ts';
import type { JsonSchema } from './json-schema.ts';

/** Functions that compute config values from others, by the key they compute. */
export type Derivations = Readonly<Record<string, (config: never) => unknown>>;

interface Derivation {
  readonly path: Path;
  readonly derive: (config: unknown) => unknown;
  /** What the key is without it: a section may have parts that are given, or have defaults. */
  readonly otherwise: unknown;
}

interface Derived {
  /** What the function gave. */
  readonly result: unknown;
  /** The same over what the key is without it. */
  readonly value: unknown;
  readonly reads: ReadonlySet<string>;
}

/** What is known of a config before it is validated: with defaults, and derived values on demand. */
export class ConfigView {
  /** The config, read-only, for functions of the user's. */
  readonly config: unknown;
  readonly #draft: Draft;
  readonly #onRead: (key: string, derived: string | undefined) => void;
  readonly #derivations = new Map<string, Derivation>();
  readonly #done = new Map<string, Derived>();
  /** The keys that are being derived, each for the sake of the one before. */
  readonly #deriving: { key: string; reads: Set<string> }[] = [];

  /** @param onRead called with every key that is read, and the derived key it is read for, if any. */
  constructor(
    schema: JsonSchema,
    draft: Draft,
    derivations: Derivations,
    onRead: (key: string, derived: string | undefined) => void = () => {},
  ) {
    this.#draft = draft;
    this.#onRead = onRead;
    const completed = complete(schema, structuredClone(draft.input)) as Record<string, unknown>;
    for (const [text, derive] of Object.entries(derivations)) {
      const path = parsePath(text)!;
      const section = valueAt(completed, path.slice(0, -1));
      // A value that is set is not derived, nor one in a section that is left out.
      if (draft.isGiven(path) || !isPlainObject(section)) continue;
      const otherwise = own(section, path.at(-1)!);
      define(section, path.at(-1)!, undefined);
      this.#derivations.set(pathText(path), {
        path,
        derive: derive as (config: unknown) => unknown,
        otherwise,
      });
    }
    this.config = this.#readOnly(completed, []);
  }

  /**
   * The derived values, as assignments; `undefined` ones are none.
   * @throws {ExpError} EXP_CONFIG if values are derived from each other in a circle, or a function
   *   of the user's throws.
   */
  derived(): Assignment[] {
    return [...this.#derivations].flatMap(([key, { path }]) => {
      const { result, value, reads } = this.#derive(key);
      const text = `from ${[...reads].join(', ')}`;
      const origin = { layer: 'derived', ...(text !== 'from ' && { text }) } as const;
      return leaves(result, path)
        .filter((leaf) => leaf.value !== undefined)
        .filter((leaf) => Object.is(valueAt(value, leaf.path.slice(path.length)), leaf.value))
        .map((leaf) => ({ operation: 'put', ...leaf, origin }));
    });
  }

  #derive(key: string): Derived {
    const done = this.#done.get(key);
    if (done !== undefined) return done;
    const chain = this.#deriving.map((one) => one.key);
    if (chain.includes(key)) {
      const circle = [...chain.slice(chain.indexOf(key)), key].map((one) => `"${one}"`).join(' → ');
      throw new ExpError('EXP_CONFIG', `Config values are derived in a circle: ${circle}.`);
    }
    const reads = new Set<string>();
    this.#deriving.push({ key, reads });
    try {
      const { derive, otherwise, path } = this.#derivations.get(key)!;
      const result = derive(this.config);
      const derived = { result, value: this.#over(otherwise, result, path), reads };
      this.#done.set(key, derived);
      return derived;
    } catch (error) {
      if (error instanceof ExpError) throw error;
      throw new ExpError('EXP_CONFIG', `Config "${key}" cannot be derived: ${messageOf(error)}`, {
        cause: error,
      });
    } finally {
      this.#deriving.pop();
    }
  }

  /** A derived value over another one, whose given parts stay. */
  #over(otherwise: unknown, derived: unknown, path: Path): unknown {
    if (!isPlainObject(otherwise)) return this.#draft.isGiven(path) ? otherwise : derived;
    if (isPlainObject(derived)) {
      const merged = { ...otherwise };
      for (const [key, inner] of Object.entries(derived)) {
        define(merged, key, this.#over(own(otherwise, key), inner, [...path, key]));
      }
      return merged;
    }
    const hasGiven = leaves(otherwise, path).some((leaf) => this.#draft.isGiven(leaf.path));
    return hasGiven ? otherwise : derived;
  }

  #noteRead(key: string): void {
    const deriving = this.#deriving.at(-1);
    deriving?.reads.add(key);
    this.#onRead(key, deriving?.key);
  }

  #readOnly(target: object, path: Path): unknown {
    const refuse = (_: object, name: string | symbol): never => {
      const key = pathText([...path, String(name)]);
      throw new ExpError('EXP_CONFIG', `Config "${key}" cannot be written to here. Return values.`);
    };
    return new Proxy(target, {
      get: (_, name) => {
        const value = (target as Record<string | symbol, unknown>)[name];
        if (typeof name === 'symbol' || !Object.hasOwn(target, name)) return value;
        const inner = [...path, name];
        const key = pathText(inner);
        const found = this.#derivations.has(key) ? this.#derive(key).value : value;
        if (isPlainObject(found)) return this.#readOnly(found, inner);
        if (!Array.isArray(target)) this.#noteRead(key);
        return Array.isArray(found) ? this.#readOnly(found, inner) : found;
      },
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
    });
  }
}

import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import type { Assignment } from './assignment.ts';
import { complete } from './defaults.ts';
import { define, valueAt, type Draft } from './draft.ts';
import { parsePath, pathText, type Path } from './path.ts';
import type { JsonSchema } from './schema.ts';

/** Functions that compute config values from others, by the key they compute. */
export type Derivations = Readonly<Record<string, (config: never) => unknown>>;

/** What is known of a config before it is validated: with defaults, and derived values on demand. */
export class ConfigView {
  /** The config, read-only, for functions of the user's. */
  readonly config: unknown;
  readonly #derivations = new Map<string, { path: Path; derive: (config: unknown) => unknown }>();
  readonly #done = new Map<string, { value: unknown; reads: ReadonlySet<string> }>();
  /** The keys that are being derived, each for the sake of the one before. */
  readonly #deriving: { key: string; reads: Set<string> }[] = [];

  constructor(schema: JsonSchema, draft: Draft, derivations: Derivations) {
    const completed = complete(schema, structuredClone(draft.input)) as Record<string, unknown>;
    for (const [text, derive] of Object.entries(derivations)) {
      const path = parsePath(text)!;
      const section = valueAt(completed, path.slice(0, -1));
      // A value that is set is not derived, nor one in a section that is left out.
      if (draft.isGiven(path) || !isPlainObject(section)) continue;
      define(section, path.at(-1)!, undefined);
      this.#derivations.set(pathText(path), {
        path,
        derive: derive as (config: unknown) => unknown,
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
      const value = this.#derive(key);
      if (value === undefined) return [];
      const text = `from ${[...this.#done.get(key)!.reads].join(', ')}`;
      const origin = { layer: 'derived', ...(text !== 'from ' && { text }) } as const;
      return { operation: 'replace', path, value, origin };
    });
  }

  #derive(key: string): unknown {
    const done = this.#done.get(key);
    if (done !== undefined) return done.value;
    const chain = this.#deriving.map((one) => one.key);
    if (chain.includes(key)) {
      const circle = [...chain.slice(chain.indexOf(key)), key].map((one) => `"${one}"`).join(' → ');
      throw new ExpError('EXP_CONFIG', `Config values are derived in a circle: ${circle}.`);
    }
    const reads = new Set<string>();
    this.#deriving.push({ key, reads });
    try {
      const value = this.#derivations.get(key)!.derive(this.config);
      this.#done.set(key, { value, reads });
      return value;
    } catch (error) {
      if (error instanceof ExpError) throw error;
      throw new ExpError('EXP_CONFIG', `Config "${key}" cannot be derived: ${messageOf(error)}`, {
        cause: error,
      });
    } finally {
      this.#deriving.pop();
    }
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
        const found = this.#derivations.has(key) ? this.#derive(key) : value;
        if (isPlainObject(found)) return this.#readOnly(found, inner);
        if (!Array.isArray(target)) this.#deriving.at(-1)?.reads.add(key);
        return Array.isArray(found) ? this.#readOnly(found, inner) : found;
      },
      set: refuse,
      defineProperty: refuse,
      deleteProperty: refuse,
    });
  }
}

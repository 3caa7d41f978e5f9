import { types } from 'node:util';
import { ExpError, messageOf } from '../core/errors.ts';
import { isPlainObject } from '../core/json.ts';
import { binaryKind } from './binary.ts';
import { canRestore, codecFor, codecNamed, onBehalfOf } from './codecs.ts';
import type { SavedTree } from './saved-tree.ts';
import { isReference, unspell, type Node, type Spelled } from './value.ts';

/**
 * Brings live values to what was saved, part by part: instances by their `fromCheckpoint`, values of
 * codecs by their `restore`, and plain objects, lists, maps, sets, dates and typed arrays of the same
 * length in place. Parts that cannot be changed, or have nothing live in their place, are new values.
 * What a live object has besides the saved keys stays as it is.
 * @returns the live value, or the new one that stands for it.
 * @throws {ExpError} EXP_CHECKPOINT where a live instance has no counterpart, with its path.
 */
export async function restoreInto(
  live: unknown,
  saved: SavedTree,
  spelled: Spelled = saved.state,
  path = 'state',
): Promise<unknown> {
  return new Restorer(saved).restore(live, spelled, path);
}

class Restorer {
  readonly #saved: SavedTree;
  readonly #done = new Set<object>();

  constructor(saved: SavedTree) {
    this.#saved = saved;
  }

  async restore(live: unknown, spelled: Spelled, path: string): Promise<unknown> {
    if (typeof live !== 'object' || live === null) return this.#saved.value(spelled, path);
    if (this.#done.has(live)) return live;
    this.#done.add(live);
    const node = this.#saved.nodeOf(spelled);
    if (node?.type === 'hook' || canRestore(live)) {
      if (!canRestore(live)) misfit(path, 'an object without the method fromCheckpoint()', node);
      if (node?.type !== 'hook') misfit(path, 'an instance with fromCheckpoint()', node);
      const value = await this.#saved.value(node.value, path);
      await onBehalfOf(path, 'restored', () => live.fromCheckpoint(value));
      return live;
    }
    if (node?.type !== 'codec' && isInstance(live)) misfit(path, 'no plain value', node);
    if (node?.type === 'codec') return this.#byCodec(live, node, spelled, path);
    return (await this.#inPlace(live, node, path)) ? live : this.#saved.value(spelled, path);
  }

  /** The same, at once where there is nothing to wait for: lists may be long. */
  #part(live: unknown, spelled: Spelled, path: string): unknown {
    if (isReference(spelled) || isInstance(live)) return this.restore(live, spelled, path);
    return unspell(spelled);
  }

  async #byCodec(
    live: object,
    node: Node & { readonly type: 'codec' },
    spelled: Spelled,
    path: string,
  ): Promise<unknown> {
    const codec = codecNamed(node.name, path);
    if (codec.restore === undefined) return this.#saved.value(spelled, path);
    if (!codec.matches(live)) misfit(path, 'something else', node);
    const value = await this.#saved.value(node.value, path);
    await onBehalfOf(path, 'restored', () => codec.restore!(live, value));
    return live;
  }

  /** @returns false where the live value cannot become the saved one. */
  async #inPlace(live: object, node: Node | undefined, path: string): Promise<boolean> {
    switch (node?.type) {
      case 'object':
        if (!isPlainObject(live)) return false;
        await this.#object(live, node, path);
        return true;
      case 'array':
      case 'numbers':
        if (!Array.isArray(live)) return false;
        await this.#array(live, node, path);
        return true;
      case 'map':
        if (!types.isMap(live)) return false;
        await this.#map(live, node, path);
        return true;
      case 'set':
        if (!types.isSet(live)) return false;
        live.clear();
        for (const part of node.values) live.add(await this.#saved.value(part, path));
        return true;
      case 'date':
        if (!types.isDate(live)) return false;
        live.setTime(node.time ?? Number.NaN);
        return true;
      default:
        return node?.type === 'binary' && this.#bytes(live, node, path);
    }
  }

  async #object(
    live: Record<string, unknown>,
    node: Node & { readonly type: 'object' },
    path: string,
  ): Promise<void> {
    for (const [i, key] of node.keys.entries()) {
      const at = `${path}.${key}`;
      const before = Object.hasOwn(live, key) ? live[key] : undefined;
      const value = await this.restore(before, node.values[i]!, at);
      if (value !== before || !Object.hasOwn(live, key)) set(live, key, value, at);
    }
    const known = new Set(node.keys);
    for (const [key, value] of Object.entries(live)) {
      if (!known.has(key)) mayStay(value, `${path}.${key}`);
    }
  }

  async #array(
    live: unknown[],
    node: Node & { readonly type: 'array' | 'numbers' },
    path: string,
  ): Promise<void> {
    if (node.type === 'numbers') {
      const numbers = this.#saved.numbers(node, path);
      live.length = 0;
      for (const number of numbers) live.push(number);
      return;
    }
    for (const [i, value] of live.slice(node.values.length).entries()) {
      mayStay(value, `${path}[${node.values.length + i}]`);
    }
    live.length = Math.min(live.length, node.values.length);
    for (const [i, part] of node.values.entries()) {
      const value = this.#part(live[i], part, `${path}[${i}]`);
      live[i] = value instanceof Promise ? await value : value;
    }
  }

  async #map(
    live: Map<unknown, unknown>,
    node: Node & { readonly type: 'map' },
    path: string,
  ): Promise<void> {
    const before = new Map(live);
    live.clear();
    for (const [i, part] of node.keys.entries()) {
      const key = await this.#saved.value(part, path);
      live.set(
        key,
        await this.restore(before.get(key), node.values[i]!, `${path} of ${String(key)}`),
      );
    }
  }

  #bytes(live: object, node: Node & { readonly type: 'binary' }, path: string): boolean {
    if (binaryKind(live) !== node.kind || node.kind === 'ArrayBuffer') return false;
    const view = live as ArrayBufferView;
    const saved = this.#saved.view(node, path) as ArrayBufferView;
    if (view.byteLength !== saved.byteLength) return false;
    bytesOf(view).set(bytesOf(saved));
    return true;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** True for what is not made anew but brought to what was saved. */
function isInstance(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return canRestore(value) || codecFor(value)?.restore !== undefined;
}

/** Refuses to leave an instance as it is: it would go on with what it had before. */
function mayStay(value: unknown, path: string): void {
  if (isInstance(value)) misfit(path, 'to be restored', undefined);
}

function set(live: Record<string, unknown>, key: string, value: unknown, path: string): void {
  try {
    if (key === '__proto__') {
      Object.defineProperty(live, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else live[key] = value;
  } catch (error) {
    throw new ExpError('EXP_CHECKPOINT', `${path} cannot be restored: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function misfit(path: string, what: string, node: Node | undefined): never {
  const there =
    node === undefined
      ? 'the checkpoint has nothing like it'
      : `the checkpoint has ${'name' in node ? `${node.type} "${node.name}"` : `a value of type ${node.type}`} there`;
  throw new ExpError(
    'EXP_CHECKPOINT',
    `${path} is ${what}, and ${there}. Restore into a state of the shape that was saved.`,
  );
}

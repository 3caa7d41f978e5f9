import { types } from 'node:util';
import { isPlainObject } from '../core/json.ts';
import { binaryKind, elementBytes, LazyArray } from './binary.ts';
import { canSave, codecFor, isThenable, onBehalfOf } from './codecs.ts';
import { isErrorPrototype, type ErrorPrototype } from './error-kinds.ts';
import { item, member, pathText, type Path } from './path.ts';
import { keyText, refuse, refuseClass } from './refuse.ts';
import { Segments, type Source } from './segments.ts';
import { spell, type Node, type Spelled } from './value.ts';

/** What codecs and hooks returned for the values that they had to wait for. */
type Ready = ReadonlyMap<object, unknown>;

/** A state in the form that is written. */
export interface Encoded {
  readonly state: Spelled;
  readonly context: Spelled;
  readonly nodes: readonly Node[];
  readonly sources: readonly Source[];
}

/** Plain arrays of this many numbers are stored as bytes. */
const PACKED = 16;

/**
 * Captures a state, synchronously but for codecs and hooks that return promises: these come first, and
 * then everything else as it is at one moment.
 * @throws {ExpError} EXP_CHECKPOINT for what cannot be saved, with its path.
 */
export function encode(state: unknown, context: unknown): Encoded | Promise<Encoded> {
  const encoder = new Encoder(new Map());
  const encoded = encoder.encode(state, context);
  return encoder.pending.size === 0 ? encoded : encodeOnceReady(state, context, encoder.pending);
}

async function encodeOnceReady(
  state: unknown,
  context: unknown,
  first: ReadonlyMap<object, PromiseLike<unknown>>,
): Promise<Encoded> {
  const ready = new Map<object, unknown>();
  for (let pending = first; ;) {
    const values = await Promise.all(pending.values());
    [...pending.keys()].forEach((value, i) => ready.set(value, values[i]));
    const encoder = new Encoder(ready);
    const encoded = encoder.encode(state, context);
    if (encoder.pending.size === 0) return encoded;
    pending = encoder.pending;
  }
}

interface Waiting {
  readonly value: object;
  readonly id: number;
  readonly path: Path;
}

/** Goes through a state by a list of what is to be done, so that no depth is too deep. */
class Encoder {
  readonly pending = new Map<object, PromiseLike<unknown>>();
  readonly #ready: Ready;
  readonly #ids = new Map<object, number>();
  readonly #nodes: Node[] = [];
  readonly #todo: Waiting[] = [];
  readonly #segments = new Segments();

  constructor(ready: Ready) {
    this.#ready = ready;
  }

  encode(state: unknown, context: unknown): Encoded {
    const roots = {
      state: this.#spell(state, { key: 'state' }),
      context: this.#spell(context, { key: 'context' }),
    };
    for (let next = this.#todo.pop(); next !== undefined; next = this.#todo.pop()) {
      this.#nodes[next.id] = this.#nodeOf(next.value, next.path);
    }
    return { ...roots, nodes: this.#nodes, sources: this.#segments.finish() };
  }

  #spell(value: unknown, path: Path): Spelled {
    const spelled = spell(value);
    if (spelled !== undefined) return spelled;
    if (typeof value !== 'object' || value === null) refuse(path, `is a ${typeof value}`);
    let id = this.#ids.get(value);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(value, id);
      this.#todo.push({ value, id, path });
    }
    return [id];
  }

  #nodeOf(value: object, path: Path): Node {
    const own = this.#ownWay(value, path);
    if (own !== undefined) return own;
    if (value instanceof LazyArray) return this.#lazy(value);
    const kind = binaryKind(value);
    if (kind !== undefined) return this.#binary(value as ArrayBufferView, kind);
    const node = Array.isArray(value)
      ? this.#array(value, path)
      : (this.#builtIn(value, path) ?? this.#object(value, path));
    if (
      Object.getOwnPropertySymbols(value).some((key) =>
        Object.prototype.propertyIsEnumerable.call(value, key),
      )
    )
      refuse(path, 'has a property whose name is a symbol');
    return node;
  }

  /** The way that a class has of its own: a hook or a codec. */
  #ownWay(value: object, path: Path): Node | undefined {
    const hook = canSave(value);
    const codec = hook ? undefined : codecFor(value);
    if (!hook && codec === undefined) return undefined;
    const saved = this.#ready.has(value)
      ? this.#ready.get(value)
      : onBehalfOf(pathText(path), 'saved', () =>
          hook ? value.toCheckpoint() : codec!.encode(value),
        );
    if (saved === value) refuse(path, 'returns itself from toCheckpoint()');
    if (isThenable(saved)) this.pending.set(value, saved);
    return {
      ...(hook
        ? { type: 'hook', name: value.constructor?.name ?? '' }
        : { type: 'codec', name: codec!.name }),
      value: isThenable(saved) ? null : this.#spell(saved, path),
    };
  }

  #lazy(lazy: LazyArray): Node {
    const node = {
      type: 'binary',
      kind: lazy.kind,
      length: lazy.length,
      segment: 0,
      offset: 0,
    } as const;
    this.#segments.addLazy(lazy, node);
    return node;
  }

  #binary(value: ArrayBufferView | ArrayBuffer, kind: string): Node {
    const isBuffer = !ArrayBuffer.isView(value);
    const length = value.byteLength / elementBytes(kind);
    const node = { type: 'binary', kind, length, segment: 0, offset: 0 } as const;
    const [buffer, start] = isBuffer ? [value, 0] : [value.buffer, value.byteOffset];
    this.#segments.addView(buffer, start, value.byteLength, node);
    return node;
  }

  #array(array: readonly unknown[], path: Path): Node {
    // lists of a config are lists too, though they inherit from something between
    const maker: unknown = array.constructor;
    if (maker !== Array) refuseClass(array, path);
    const indices = Object.keys(array);
    const named = indices.findLast((key) => !/^\d+$/.test(key));
    if (named !== undefined) refuse(path, `is an array with a property of its own, "${named}"`);
    if (indices.length < array.length) {
      const at = indices.map(Number);
      const values = at.map((i) => this.#spell(array[i], item(path, i)));
      return { type: 'sparse', length: array.length, at, values };
    }
    if (array.length < PACKED || !array.every((value) => typeof value === 'number')) {
      return { type: 'array', values: array.map((value, i) => this.#spell(value, item(path, i))) };
    }
    const node = { type: 'numbers', length: array.length, segment: 0, offset: 0 } as const;
    this.#segments.addNumbers(array, node);
    return node;
  }

  #builtIn(value: object, path: Path): Node | undefined {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (types.isMap(value) && prototype === Map.prototype) {
      const entries = [...value];
      return {
        type: 'map',
        keys: entries.map(([key], i) => this.#spell(key, member(path, `key ${i}`))),
        values: entries.map(([key, one]) => this.#spell(one, member(path, keyText(key)))),
      };
    }
    if (types.isSet(value) && prototype === Set.prototype) {
      return { type: 'set', values: [...value].map((one, i) => this.#spell(one, item(path, i))) };
    }
    if (types.isDate(value) && prototype === Date.prototype) {
      const time = value.getTime();
      return { type: 'date', time: Number.isNaN(time) ? null : time };
    }
    if (types.isRegExp(value) && prototype === RegExp.prototype) {
      const { source, flags, lastIndex } = value;
      return { type: 'regexp', source, flags, lastIndex };
    }
    return isErrorPrototype(prototype) ? this.#error(value as Error, prototype, path) : undefined;
  }

  #error(error: Error, prototype: ErrorPrototype, path: Path): Node {
    const { message, stack } = error;
    const keys = Object.keys(error).filter((key) => key !== 'cause');
    return {
      type: 'error',
      kind: prototype.constructor.name,
      message,
      ...(stack !== undefined && { stack }),
      ...(Object.hasOwn(error, 'cause') && {
        cause: this.#spell(error.cause, member(path, 'cause')),
      }),
      keys,
      values: keys.map((key) =>
        this.#spell((error as unknown as Record<string, unknown>)[key], member(path, key)),
      ),
    };
  }

  #object(value: object, path: Path): Node {
    if (!isPlainObject(value)) refuseClass(value, path);
    const keys = Object.keys(value);
    const values = keys.map((key) => this.#spell(value[key], member(path, key)));
    const isBare = Object.getPrototypeOf(value) === null;
    return { type: 'object', keys, values, ...(isBare && { bare: true }) };
  }
}

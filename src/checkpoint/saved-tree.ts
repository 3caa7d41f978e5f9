import { ExpError } from '../core/errors.ts';
import { elementBytes, viewOf } from './binary.ts';
import { codecNamed, onBehalfOf } from './codecs.ts';
import { makeError } from './error-kinds.ts';
import type { Loaded } from './read-file.ts';
import { isReference, unspell, type Node, type Spelled } from './value.ts';

/**
 * The values in a checkpoint, made when they are asked for: what is restored into live objects need
 * not be made anew. Each is made once, so shared references and cycles are as they were.
 */
export class SavedTree {
  readonly state: Spelled;
  readonly context: Spelled;
  readonly #nodes: readonly Node[];
  readonly #leads: readonly number[];
  readonly #buffers: readonly ArrayBuffer[];
  readonly #made = new Map<number, unknown>();
  readonly #inProgress = new Set<number>();

  constructor({ tree, buffers }: Pick<Loaded, 'tree' | 'buffers'>) {
    this.state = tree.state;
    this.context = tree.context;
    this.#nodes = tree.nodes;
    this.#leads = tree.segments.map(({ lead = 0 }) => lead);
    this.#buffers = buffers;
  }

  /** The node that is referred to; `undefined` for a value without parts. */
  nodeOf(spelled: Spelled): Node | undefined {
    return isReference(spelled) ? this.#nodes[spelled[0]] : undefined;
  }

  /**
   * Makes a value, with everything in it.
   * @throws {ExpError} EXP_CHECKPOINT
   */
  async value(spelled: Spelled, path: string): Promise<unknown> {
    const plain = this.#withoutHooks(spelled);
    if (!isReference(plain)) return this.#get(plain);
    const { region, codecs } = this.#reach(plain[0]);
    for (const id of codecs) await this.#decode(id, path);
    const isNew = region.filter((id) => !this.#made.has(id));
    for (const id of isNew) this.#made.set(id, this.#create(this.#nodes[id]!, path));
    for (const id of isNew) this.#fill(this.#made.get(id), this.#nodes[id]!);
    return this.#get(plain);
  }

  /** The numbers of a plain array. */
  numbers(node: Node & { readonly type: 'numbers' }, path: string): Float64Array {
    return this.view({ ...node, kind: 'Float64Array' }, path) as Float64Array;
  }

  /** The values of typed arrays, where they were read to. */
  view(
    {
      kind,
      segment,
      offset,
      length,
    }: { kind: string; segment: number; offset: number; length: number },
    path: string,
  ): object {
    const at = this.#leads[segment]! + offset;
    const view = viewOf(kind, this.#buffers[segment]!, at, length);
    if (view !== undefined) return view;
    throw new ExpError(
      'EXP_CHECKPOINT',
      `${path} holds a ${kind} of ${length * elementBytes(kind)} bytes, a class that Node ${process.versions.node} does not have.`,
    );
  }

  async #decode(id: number, path: string): Promise<void> {
    if (this.#made.has(id)) return;
    const node = this.#nodes[id] as Node & { readonly type: 'codec' };
    if (this.#inProgress.has(id)) {
      throw new ExpError(
        'EXP_CHECKPOINT',
        `${path} holds what the codec "${node.name}" saved, and that holds itself. ` +
          'Its encode() must return something that does not lead back to the value.',
      );
    }
    this.#inProgress.add(id);
    const codec = codecNamed(node.name, path);
    const saved = await this.value(node.value, path);
    this.#made.set(id, await onBehalfOf(path, 'restored', () => codec.decode(saved)));
    this.#inProgress.delete(id);
  }

  /** What can be reached from a node without a codec on the way, and the codecs at its borders. */
  #reach(from: number): { readonly region: readonly number[]; readonly codecs: readonly number[] } {
    const region = new Set<number>();
    const codecs = new Set<number>();
    const todo = [from];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      if (region.has(id) || this.#made.has(id)) continue;
      const node = this.#nodes[id]!;
      if (node.type === 'codec') {
        codecs.add(id);
        continue;
      }
      region.add(id);
      for (const part of partsOf(node)) {
        const plain = this.#withoutHooks(part);
        if (isReference(plain)) todo.push(plain[0]);
      }
    }
    return { region: [...region], codecs: [...codecs] };
  }

  /** By value, an instance is what it saved. */
  #withoutHooks(spelled: Spelled): Spelled {
    const seen = new Set<Node>();
    for (let at = spelled; ;) {
      const node = this.nodeOf(at);
      if (node?.type !== 'hook' || seen.has(node)) return at;
      seen.add(node);
      at = node.value;
    }
  }

  #get(spelled: Spelled): unknown {
    const plain = this.#withoutHooks(spelled);
    return isReference(plain) ? this.#made.get(plain[0]) : unspell(plain);
  }

  #create(node: Node, path: string): unknown {
    switch (node.type) {
      case 'object':
        return node.bare === true ? Object.create(null) : {};
      case 'array':
        return [];
      case 'sparse':
        return Object.assign([], { length: node.length });
      case 'map':
        return new Map();
      case 'set':
        return new Set();
      case 'date':
        return new Date(node.time ?? Number.NaN);
      case 'regexp':
        return Object.assign(new RegExp(node.source, node.flags), { lastIndex: node.lastIndex });
      case 'error':
        return makeError(node.kind, node.message);
      case 'numbers':
        return Array.from(this.numbers(node, path));
      case 'binary':
        return this.view(node, path);
      default:
        return undefined;
    }
  }

  #fill(value: unknown, node: Node): void {
    switch (node.type) {
      case 'object':
        return this.#define(value as object, node.keys, node.values);
      case 'array':
        for (const part of node.values) (value as unknown[]).push(this.#get(part));
        return;
      case 'sparse':
        for (const [i, at] of node.at.entries()) {
          (value as unknown[])[at] = this.#get(node.values[i]!);
        }
        return;
      case 'map':
        for (const [i, key] of node.keys.entries()) {
          (value as Map<unknown, unknown>).set(this.#get(key), this.#get(node.values[i]!));
        }
        return;
      case 'set':
        for (const part of node.values) (value as Set<unknown>).add(this.#get(part));
        return;
      case 'error':
        hidden(value as object, 'stack', node.stack);
        if (node.cause !== undefined) hidden(value as object, 'cause', this.#get(node.cause));
        this.#define(value as object, node.keys, node.values);
    }
  }

  #define(object: object, keys: readonly string[], values: readonly Spelled[]): void {
    for (const [i, key] of keys.entries()) {
      const value = this.#get(values[i]!);
      // the one key that would not become a property by being assigned
      if (key === '__proto__') {
        Object.defineProperty(object, key, {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      } else (object as Record<string, unknown>)[key] = value;
    }
  }
}

function hidden(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, configurable: true, writable: true });
}

function* partsOf(node: Node): Generator<Spelled> {
  if ('keys' in node && node.type === 'map') yield* node.keys;
  if ('values' in node) yield* node.values;
  if (node.type === 'error' && node.cause !== undefined) yield node.cause;
}

import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { readCheckpoint } from '../../src/checkpoint/list.ts';
import { readOnly } from '../../src/config/read-only.ts';
import { Rng } from '../../src/random/rng.ts';
import { test as base } from '../helpers/temp-dir.ts';

interface Box {
  /** What a value is once it was saved and read. */
  (value: unknown): Promise<any>;
}

const test = base.extend<{ saved: Box }>({
  saved: async ({ dir }, use) => {
    const checkpoints = new Checkpoints(dir, { mode: 'last' }, expect.fail);
    await use(async (value) => {
      const info = await checkpoints.save(value, undefined, { step: 0 });
      return (await readCheckpoint(info!.file)).state;
    });
  },
});

const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, Number.MIN_VALUE, 2 ** 53),
);
const keys = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('__proto__', 'constructor', '', '0', '$', 'a.b', 'bigint', '\uD800'),
);
const typedArrays = fc.oneof(
  fc.int8Array(),
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);

const values = fc.letrec<{ value: unknown }>((tie) => {
  const value = tie('value');
  const few = { maxLength: 5 };
  return {
    value: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      fc.string({ unit: 'binary' }),
      numbers,
      fc.bigInt(),
      fc.constantFrom(undefined, null, true, false),
      fc.date({ noInvalidDate: false }),
      typedArrays,
      typedArrays.map(({ buffer }) => buffer),
      typedArrays.map((array) => new DataView(array.buffer)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.array(numbers, { minLength: 10, maxLength: 40 }),
      fc.sparseArray(value, { maxNumElements: 4, maxLength: 40 }),
      fc.array(value, few),
      fc.array(fc.tuple(keys, value), few).map((entries) => Object.fromEntries(entries)),
      fc.dictionary(keys, value, { maxKeys: 4, noNullPrototype: false }),
      fc.array(fc.tuple(value, value), few).map((entries) => new Map(entries)),
      fc.array(value, few).map((items) => new Set(items)),
    ),
  };
});

describe('a state that is saved and read', () => {
  test('is what it was', async ({ saved }) => {
    await fc.assert(
      fc.asyncProperty(values.value, async (value) => {
        deepStrictEqual(await saved(value), value);
      }),
      { numRuns: 300 },
    );
  });

  test('keeps the order of keys, of maps and of sets', async ({ saved }) => {
    const state = { b: 1, a: 2, map: new Map([[2, 'b'], [1, 'a']]), set: new Set([3, 1, 2]) }; // prettier-ignore

    const read = await saved(state);

    expect(Object.keys(read)).toEqual(['b', 'a', 'map', 'set']);
    expect([...read.map.keys(), ...read.set]).toEqual([2, 1, 3, 1, 2]);
  });

  test('refers to one thing where it did, and to itself', async ({ saved }) => {
    const shared = { list: [1] };
    const state: Record<string, unknown> = { one: shared, two: [shared], map: new Map() };
    state['self'] = state;
    (state['map'] as Map<unknown, unknown>).set(shared, state);

    const read = await saved(state);

    expect(read.self).toBe(read);
    expect(read.two[0]).toBe(read.one);
    expect(read.map.get(read.one)).toBe(read);
    expect(read.one).toEqual({ list: [1] });
  });

  test('has any graph of references that it had', async ({ saved }) => {
    const graphs = fc.integer({ min: 1, max: 12 }).chain((size) => {
      const edge = fc.tuple(fc.nat(size - 1), fc.nat(size - 1));
      return fc.tuple(fc.constant(size), fc.array(edge, { maxLength: 30 }));
    });
    await fc.assert(
      fc.asyncProperty(graphs, async ([size, edges]) => {
        const nodes = Array.from({ length: size }, (_, id) => ({ id, next: [] as unknown[] }));
        for (const [from, to] of edges) nodes[from]!.next.push(nodes[to]);

        const read = (await saved(nodes)) as typeof nodes;

        for (const [i, node] of nodes.entries()) {
          const next = node.next.map((one) => (one as { id: number }).id);
          expect(read[i]!.next.map((one) => read.indexOf(one as never))).toEqual(next);
        }
      }),
    );
  });

  test('has views that share their bytes where they did, and no bytes beside them', async ({
    saved,
    dir,
  }) => {
    const pool = new Uint8Array(10_000).fill(77);
    const bytes = new Uint8Array(pool.buffer, 3, 21);
    const doubles = new Float64Array(pool.buffer, 8, 2).fill(1.5);

    const read = await saved({ bytes, doubles, apart: new Uint8Array(pool.buffer, 5000, 4) });

    expect(read).toEqual({ bytes, doubles, apart: new Uint8Array(4).fill(77) });
    read.doubles[0] = -1;
    expect(Buffer.from(read.bytes).readDoubleLE(5)).toBe(-1);
    expect(read.apart.buffer).not.toBe(read.bytes.buffer);
    expect(read.bytes.buffer.byteLength).toBeLessThan(40);
    expect(dir).toBeDefined();
  });

  test('may be as deep as memory allows', async ({ saved }) => {
    let chain: { next?: unknown } = {};
    for (let i = 0; i < 50_000; i++) chain = { next: chain };

    let depth = 0;
    for (let at = await saved(chain); at.next !== undefined; at = at.next) depth++;

    expect(depth).toBe(50_000);
  });

  test('keeps a million numbers of a plain array, each to its last bit', async ({ saved }) => {
    const rng = new Rng(1);
    const list = Array.from({ length: 1_000_000 }, () => rng.normal());

    const read = (await saved(list)) as number[];

    expect(Array.isArray(read)).toBe(true);
    expect(read.every((value, i) => Object.is(value, list[i]))).toBe(true);
  });

  test('keeps regular expressions with the place where they are', async ({ saved }) => {
    const pattern = /a(?<x>.)/giu;
    pattern.lastIndex = 3;

    const read = await saved(pattern);

    expect([read.source, read.flags, read.lastIndex]).toEqual([pattern.source, 'giu', 3]);
  });

  test('keeps errors with their class, stack, cause and properties', async ({ saved }) => {
    const error = Object.assign(new RangeError('too far', { cause: new Error('why') }), {
      code: 7,
    });

    const read = await saved(error);

    expect(read).toBeInstanceOf(RangeError);
    expect(read).toMatchObject({ message: 'too far', code: 7, stack: error.stack });
    expect(read.cause.message).toBe('why');
    expect(Object.keys(read)).toEqual(['code']);
  });

  test('keeps frozen configs and others that are read through proxies', async ({ saved }) => {
    const config = { lr: 0.1, layers: [1, 2, 3], deep: { a: 'b' } };

    expect(await saved(readOnly(config))).toEqual(config);
    expect(await saved(Object.freeze({ a: Object.freeze([1]) }))).toEqual({ a: [1] });
  });

  test.runIf('Float16Array' in globalThis)('keeps half precision', async ({ saved }) => {
    const { Float16Array } = globalThis as unknown as { Float16Array: typeof Float32Array };

    expect(await saved(Float16Array.of(0.5, -2))).toEqual(Float16Array.of(0.5, -2));
  });

  test('keeps keys named __proto__ as keys', async ({ saved }) => {
    const state = JSON.parse('{"__proto__": {"polluted": true}}') as object;

    const read = await saved(state);

    expect(Object.keys(read)).toEqual(['__proto__']);
    expect(read.polluted).toBeUndefined();
  });

  test('has generators that go on with the same numbers', async ({ saved }) => {
    const rng = new Rng(5);
    rng.integers(0, 10, 17);

    const read = (await saved({ rng })).rng as Rng;

    expect(read.seed).toBe(5);
    expect(read.integers(0, 1000, 20)).toEqual(rng.integers(0, 1000, 20));
  });
});

import { describe, expect } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { listCheckpoints } from '../../src/checkpoint/list.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a state', () => {
  test.for<[what: string, value: unknown, says: string]>([
    ['a function', { model: { layers: [0, 1, () => 0] } }, 'state.model.layers[2] is a function'],
    ['a symbol', [Symbol('x')], 'state[0] is a symbol'],
    ['a promise', { 'a b': Promise.resolve(1) }, 'state["a b"] is a promise; await it before'],
    ['an instance', { at: new URL('http://x') }, 'state.at is an instance of URL, which says'],
    ['a subclass', { m: new (class Cache extends Map {})() }, 'state.m is an instance of Cache'],
    ['a WeakMap', new Map([['k', new WeakMap()]]), 'state.k is an instance of WeakMap'],
    ['a boxed value', { n: Object(1) as unknown }, 'state.n is an instance of Number'],
    [
      'a symbol as key',
      { o: { [Symbol('x')]: 1 } },
      'state.o has a property whose name is a symbol',
    ],
    ['an array with a name', { a: Object.assign([1], { x: 1 }) }, 'a property of its own, "x"'],
    [
      'shared memory',
      { s: new SharedArrayBuffer(1) },
      'state.s is an instance of SharedArrayBuffer',
    ],
    ['itself as saved', { h: selfish() }, 'state.h returns itself from toCheckpoint()'],
  ])('is never %s, and the error says where that is', async ([, value, says], { dir }) => {
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
    const error: unknown = await checkpoints
      .save(value, undefined, { step: 0 })
      .catch((error: unknown) => error);

    expect(error).toMatchObject({ code: 'EXP_CHECKPOINT' });
    expect((error as Error).message).toContain(says);
    expect(listCheckpoints(dir)).toEqual([]);
  });
});

function selfish(): object {
  return {
    toCheckpoint() {
      return this as unknown;
    },
  };
}

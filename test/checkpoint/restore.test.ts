import { describe, expect } from 'vitest';
import { Checkpoints } from '../../src/checkpoint/checkpoints.ts';
import { registerCheckpointCodec } from '../../src/checkpoint/codecs.ts';
import { openCheckpoint, readCheckpoint } from '../../src/checkpoint/list.ts';
import { restoreInto } from '../../src/checkpoint/restore-into.ts';
import { processState } from '../../src/core/process-state.ts';
import { Rng } from '../../src/random/rng.ts';
import { test as base } from '../helpers/temp-dir.ts';

interface Saves {
  /** Saves a state; gives the file. */
  (state: unknown): Promise<string>;
}

const test = base.extend<{ save: Saves }>({
  save: async ({ dir }, use) => {
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);
    await use(async (state) => (await checkpoints.save(state, undefined, { step: 0 }))!.file);
  },
});

function restore<T>(file: string, into: T): Promise<T> {
  return restoreInto(into, openCheckpoint(file).saved) as Promise<T>;
}

/** A moving mean, whose inside nobody else knows. */
class Window {
  #values: number[] = [];

  add(value: number): this {
    this.#values = [...this.#values, value].slice(-3);
    return this;
  }

  get mean(): number {
    return this.#values.reduce((sum, value) => sum + value, 0) / this.#values.length;
  }

  toCheckpoint(): { readonly values: number[] } {
    return { values: this.#values };
  }

  fromCheckpoint({ values }: { readonly values: number[] }): void {
    this.#values = values;
  }
}

/** A class that is not ours to change. */
class Vector {
  readonly x: number;

  constructor(x: number) {
    this.x = x;
  }
}

describe('an instance of a class with hooks', () => {
  test('takes back what it saved', async ({ save }) => {
    const file = await save({ window: new Window().add(1).add(3) });
    const live = { window: new Window().add(100) };
    const { window } = live;

    await restore(file, live);

    expect(live.window).toBe(window);
    expect([window.mean, window.add(5).mean]).toEqual([2, 3]);
  });

  test('is what it saved where there is none to take it', async ({ save }) => {
    const file = await save({ window: new Window().add(7) });

    expect((await readCheckpoint(file)).state).toEqual({ window: { values: [7] } });
  });

  test('may be asynchronous, and hold others', async ({ save }) => {
    class Agent {
      window = new Window();
      rng = new Rng(1);

      async toCheckpoint(): Promise<object> {
        await Promise.resolve();
        return { window: this.window.toCheckpoint(), rng: this.rng };
      }

      async fromCheckpoint(saved: { window: { values: number[] }; rng: Rng }): Promise<void> {
        await Promise.resolve();
        this.window.fromCheckpoint(saved.window);
        this.rng.restore(saved.rng.state());
      }
    }
    const agent = new Agent();
    agent.window.add(4);
    agent.rng.uniform();
    const file = await save(new Map([['agent', agent]]));
    const live = new Agent();

    await restore(file, new Map([['agent', live]]));

    expect(live.window.mean).toBe(4);
    expect(live.rng.uniform()).toBe(agent.rng.uniform());
  });

  test('names its part of the state when it fails', async ({ save }) => {
    const faulty = {
      toCheckpoint: () => {
        throw new Error('no memory');
      },
    };

    await expect(save({ list: [1, faulty] })).rejects.toThrow(
      'state.list[1] cannot be saved: no memory',
    );
  });
});

describe('a codec', () => {
  test('saves values of a class, which may hold others, and makes them anew', async ({ save }) => {
    registerCheckpointCodec<Vector, number>({
      name: 'Vector',
      matches: (value) => value instanceof Vector,
      encode: ({ x }) => Promise.resolve(x),
      decode: (x) => Promise.resolve(new Vector(x)),
    });
    const vector = new Vector(3);
    const file = await save({ one: vector, same: [vector] });

    const { state } = await readCheckpoint(file);

    const { one, same } = state as { one: Vector; same: Vector[] };
    expect(one).toBeInstanceOf(Vector);
    expect(one).toEqual(vector);
    expect(same[0]).toBe(one);
  });

  test('is asked for by its name where it is not there', async ({ save }) => {
    registerCheckpointCodec<Vector, number>({
      name: 'Point',
      matches: (value) => value instanceof Vector,
      encode: ({ x }) => x,
      decode: (x) => new Vector(x),
    });
    const codecs = processState('checkpoint-codecs', () => new Map<string, unknown>());
    codecs.delete('Vector');
    const file = await save([new Vector(1)]);
    codecs.delete('Point');

    await expect(readCheckpoint(file)).rejects.toThrow(
      'state was saved by the codec "Point", which is not registered. Register it with',
    );
  });
});

describe('what a state is made of', () => {
  test('is as it is at the moment of the call', async ({ dir }) => {
    const state = { count: 1, bytes: new Uint8Array([1]), list: [new Window().add(1)] };
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);

    const saving = checkpoints.save(state, undefined, { step: 0 });
    state.count = 2;
    state.bytes[0] = 2;
    state.list.pop();

    const { state: read } = await readCheckpoint((await saving)!.file);
    expect(read).toEqual({ count: 1, bytes: new Uint8Array([1]), list: [{ values: [1] }] });
  });

  test('is of one moment, after the last asynchronous part', async ({ dir }) => {
    const state = { count: 1, slow: { toCheckpoint: () => Promise.resolve('slow') } };
    const checkpoints = new Checkpoints(dir, { mode: 'all' }, expect.fail);

    const saving = checkpoints.save(state, { also: state }, { step: 0 });
    state.count = 2;

    const { state: read, context } = await readCheckpoint((await saving)!.file);
    expect([read, context]).toEqual([{ count: 2, slow: 'slow' }, { also: read }]);
  });
});

describe('restoring into live objects', () => {
  test('changes plain values in place', async ({ save }) => {
    const state = {
      epoch: 3,
      best: undefined,
      history: [{ loss: 1 }, { loss: 0.5 }],
      weights: new Float32Array([1, 2]),
      seen: new Set(['a']),
      since: new Date(5),
      losses: Array.from({ length: 20 }, (_, i) => i),
      rng: new Rng(1),
      byName: new Map([['w', new Window().add(1)]]),
    };
    state.rng.uniform();
    const file = await save(state);
    const live = {
      epoch: 0,
      best: 1,
      history: [{ loss: 9 }],
      weights: new Float32Array(2),
      seen: new Set(['b', 'c']),
      since: new Date(0),
      losses: [1],
      rng: new Rng(77),
      byName: new Map([['w', new Window()]]),
      other: 'stays',
    };
    const parts = { ...live };

    expect(await restore(file, live)).toBe(live);

    const { epoch: _epoch, best: _best, rng, byName, other, ...rest } = live;
    const { epoch, best, rng: savedRng, byName: _byName, ...saved } = state;
    expect(rest).toEqual(saved);
    expect([live.epoch, live.best, other]).toEqual([epoch, best, 'stays']);
    expect(rng.uniform()).toBe(savedRng.uniform());
    expect(byName.get('w')!.mean).toBe(1);
    for (const name of [
      'history',
      'weights',
      'seen',
      'since',
      'losses',
      'rng',
      'byName',
    ] as const) {
      expect(live[name]).toBe(parts[name]);
    }
  });

  test('follows references that go in circles', async ({ save }) => {
    const state: Record<string, unknown> = { n: 1 };
    state['self'] = state;
    const file = await save(state);
    const live: Record<string, unknown> = { n: 0 };
    live['self'] = live;

    await restore(file, live);

    expect(live['n']).toBe(1);
    expect(live['self']).toBe(live);
  });

  test('gives a new value where the live one cannot become it', async ({ save }) => {
    const file = await save({ weights: new Float64Array(3).fill(1), list: { a: 1 } });

    const live = await restore(file, { weights: new Float64Array(2), list: [1] as unknown });

    expect(live).toEqual({ weights: new Float64Array(3).fill(1), list: { a: 1 } });
  });

  test.for<[what: string, state: unknown, live: unknown, says: string]>([
    ['an instance that was not saved', {}, { w: new Window() }, 'state.w is to be restored, and'],
    ['a generator that was not saved', { a: 1 }, { r: new Rng(1) }, 'state.r is to be restored'],
    ['one too many', [new Window()], [new Window(), new Window()], 'state[1] is to be restored'],
    ['an instance for a number', { w: 1 }, { w: new Window() }, 'state.w is an instance with'],
    [
      'a generator for a list',
      { r: [1] },
      { r: new Rng(1) },
      'the checkpoint has a value of type array',
    ],
    [
      'a plain object for an instance',
      { w: new Window() },
      { w: {} },
      'without the method fromCheckpoint()',
    ],
    [
      'another class for a generator',
      { r: new Rng(1) },
      { r: new Window() },
      'the checkpoint has codec "Rng"',
    ],
    [
      'a frozen object',
      { o: { a: 1 } },
      { o: Object.freeze({ a: 0 }) },
      'state.o.a cannot be restored',
    ],
  ])('refuses %s', async ([, state, live, says], { save }) => {
    const file = await save(state);

    const error: unknown = await restore(file, live).catch((error: unknown) => error);

    expect(error).toMatchObject({ code: 'EXP_CHECKPOINT' });
    expect((error as Error).message).toContain(says);
  });
});

import { deepEqual } from 'node:assert';
import { inspect } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { leaves } from '../../src/config/assignment.ts';
import { freezeDeep } from '../../src/config/freeze.ts';
import { peek, peekAt, readOnly } from '../../src/config/read-only.ts';
import { isPlainObject, toJson } from '../../src/core/json.ts';

const plain = {
  lr: 0.1,
  name: null,
  train: { epochs: 3, layers: [64, [1, { size: 2 }]] },
  nothing: {},
};

function view(): typeof plain {
  return readOnly(freezeDeep(structuredClone(plain)));
}

describe('a read-only view shows what it views', () => {
  test.for<[how: string, copy: (value: typeof plain) => unknown]>([
    ['structuredClone', (value) => structuredClone(value)],
    ['v8.serialize', (value) => deserialize(serialize(value))],
    ['postMessage', posted],
    ['JSON.stringify', (value) => JSON.parse(JSON.stringify(value))],
    ['spreading', (value) => ({ ...value })],
    ['Object.entries', (value) => Object.fromEntries(Object.entries(value))],
    ['toJson', (value) => toJson(value)],
    ['itself', (value) => value],
  ])('through %s', ([, copy]) => {
    expect(copy(view())).toEqual(plain);
    expect(copy(view())).toStrictEqual(plain);
    deepEqual(copy(view()), plain);
  });

  test('in its own keys, and nothing else', () => {
    expect(Object.keys(view())).toEqual(Object.keys(plain));
    expect(Reflect.ownKeys(view().train)).toEqual(['epochs', 'layers']);
    expect('toString' in view()).toBe(true);
    expect('other' in view()).toBe(false);
    const seen: string[] = [];
    for (const key in view()) seen.push(key);
    expect(seen).toEqual(Object.keys(plain));
  });

  test('printed, whole and in part', () => {
    expect(inspect(view(), { depth: 9 })).toBe(inspect(plain, { depth: 9 }));
    expect(inspect(view().train.layers)).toBe(inspect(plain.train.layers));
    expect(inspect({ config: view() }, { depth: 9 })).toBe(
      inspect({ config: plain }, { depth: 9 }),
    );
  });

  test('as lists that can be read in every way', () => {
    const { layers } = view().train;

    expect(Array.isArray(layers)).toBe(true);
    expect(layers.length).toBe(2);
    expect([...layers]).toEqual(plain.train.layers);
    expect(layers.map((x) => x)).toStrictEqual(plain.train.layers);
    expect(layers.slice(1).concat([5])).toEqual([[1, { size: 2 }], 5]);
    expect(layers.map((x) => x).push(1)).toBe(3);
    expect(readOnly([3, 1, 2]).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(layers.indexOf(64)).toBe(0);
  });

  test('to schemas, as a section and as a record', () => {
    const { train } = readOnly({ train: { a: 1, b: 2 } });

    expect(z.object({ a: z.number(), b: z.number() }).parse(train)).toEqual({ a: 1, b: 2 });
    expect(z.record(z.string(), z.number()).parse(train)).toEqual({ a: 1, b: 2 });
    expect(z.strictObject({ l: z.array(z.int()) }).parse(readOnly({ l: [1] }))).toEqual({ l: [1] });
  });

  test('to what asks for plain objects', () => {
    expect(isPlainObject(view())).toBe(true);
    expect(isPlainObject(view().train.layers)).toBe(false);
    expect(leaves(view()).map(({ path }) => path.join('.'))).toEqual(
      leaves(plain).map(({ path }) => path.join('.')),
    );
  });

  test('whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shown = readOnly(structuredClone(value));

        expect(shown).toStrictEqual(value);
        expect(structuredClone(shown)).toStrictEqual(value);
      }),
    );
  });

  test('and passes dates, maps and instances as they are', () => {
    class Point {
      x = 1;
    }
    const given = { when: new Date(0), seen: new Map(), point: new Point(), fn: () => 1 };

    const shown = readOnly(given);

    for (const key of Object.keys(given) as (keyof typeof given)[]) {
      expect(shown[key]).toBe(given[key]);
    }
    expect(readOnly(3)).toBe(3);
    expect(readOnly(undefined)).toBe(undefined);
    expect(readOnly(shown)).toBe(shown);
  });
});

describe('a read-only view refuses', () => {
  const ways: readonly [what: string, change: (config: typeof plain) => unknown, key: string][] = [
    ['assigning a key', (config) => (config.lr = 1), 'lr'],
    ['assigning a key of a section', (config) => (config.train.epochs = 1), 'train.epochs'],
    ['assigning a section', (config) => (config.train = plain.train), 'train'],
    ['adding a key', (config) => Object.assign(config, { decay: 1 }), 'decay'],
    ['adding a key to a section', (config) => Object.assign(config.train, { x: 1 }), 'train.x'],
    [
      'adding a key to an empty one',
      (config) => Object.assign(config.nothing, { x: 1 }),
      'nothing.x',
    ],
    ['assigning an item', (config) => (config.train.layers[0] = 1), 'train.layers[0]'],
    ['adding an item', (config) => (config.train.layers[5] = 1), 'train.layers[5]'],
    ['assigning inside of an item', inside, 'train.layers[1][1].size'],
    ['push', (config) => config.train.layers.push(1), 'train.layers'],
    ['sort', (config) => config.train.layers.sort(() => 1), 'train.layers'],
    ['splice', (config) => config.train.layers.splice(0), 'train.layers'],
  ];

  test.for(ways)('%s', ([, change, key]) => {
    const config = view();

    expect(() => change(config)).toThrow(
      expect.objectContaining({
        code: 'EXP_CONFIG',
        message: expect.stringContaining(`Config key "${key}" `),
      }),
    );
    expect(config).toEqual(plain);
  });

  test('also code that is not strict', () => {
    const sloppy = runInThisContext('(function (config) { config.lr = 1; })') as (
      config: object,
    ) => void;
    const adding = runInThisContext('(function (config) { config.train.decay = 1; })') as (
      config: object,
    ) => void;

    expect(() => sloppy(view())).toThrow('Config key "lr" is read-only');
    expect(() => adding(view())).toThrow('Config key "train.decay" cannot be added');
  });

  test('deleting, redefining and another prototype', () => {
    expect(() => delete (view() as Partial<typeof plain>).lr).toThrow(TypeError);
    expect(() => Object.defineProperty(view(), 'lr', { value: 2 })).toThrow(TypeError);
    expect(() => Object.setPrototypeOf(view(), null)).toThrow(TypeError);
    expect(() => (view().train.layers.length = 0)).toThrow(TypeError);
    expect(Object.isFrozen(view())).toBe(true);
  });

  test('and says what to do instead', () => {
    expect(() => (view().train.epochs = 9)).toThrow(
      'Config key "train.epochs" is read-only: the config of a run is fixed when it starts. ' +
        'Override the key for the next run, or change a copy: structuredClone(run.config).',
    );
  });

  test('nothing of an object that only inherits from it', () => {
    const own = Object.create(view()) as Record<string, unknown>;

    own['decay'] = 1;

    expect(own).toMatchObject({ decay: 1, lr: 0.1 });
  });
});

describe('a read-only view tells what is read', () => {
  function readsOf(read: (config: typeof plain) => unknown): string[] {
    const keys: string[] = [];
    read(readOnly(structuredClone(plain), (key) => keys.push(key)));
    return keys;
  }

  test.for<[what: string, read: (config: typeof plain) => unknown, keys: string[]]>([
    ['a value', (config) => config.lr, ['lr']],
    ['a value of a section', (config) => config.train.epochs, ['train.epochs']],
    ['a section alone, as nothing', (config) => config.train, []],
    ['an empty section', (config) => config.nothing, ['nothing']],
    ['a list, once', (config) => config.train.layers.map((x) => x), ['train.layers']],
    ['null', (config) => config.name, ['name']],
    ['its keys, as nothing', (config) => Object.keys(config), []],
    [
      'a copy of all',
      (config) => structuredClone(config),
      ['lr', 'name', 'train.epochs', 'train.layers', 'nothing'],
    ],
    ['a peek, as nothing', (config) => peekAt(config, ['train', 'epochs']), []],
    ['printing, as nothing', (config) => inspect(config), []],
  ])('%s', ([, read, keys]) => {
    expect(readsOf(read)).toEqual(keys);
  });
});

describe('peek', () => {
  test('gives what a view gives', () => {
    const config = view();

    expect(peekAt(config, ['train'])?.value).toBe(config.train);
    expect(peekAt(config, ['train', 'layers'])?.value).toBe(config.train.layers);
    expect(peekAt(config, [])?.value).toBe(config);
  });

  test.for(['other', 'toString', '__proto__', 'constructor'])('finds no %s', (key) => {
    expect(peek(view(), key)).toBe(undefined);
    expect(peek(plain, key)).toBe(undefined);
    expect(peekAt(view(), ['lr', key])).toBe(undefined);
  });
});

function inside(config: typeof plain): void {
  (config.train.layers as unknown as [number, [number, { size: number }]])[1][1].size = 3;
}

function posted(value: unknown): unknown {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const { message } = receiveMessageOnPort(port2) as { message: unknown };
  port1.close();
  return message;
}

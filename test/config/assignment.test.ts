import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  assignmentsOf,
  leaves,
  parseOverride,
  schemaAt,
  splitOverride,
} from '../../src/config/assignment.ts';
import { describeSchema } from '../../src/config/schema.ts';

const optimizer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sgd'), momentum: z.number() }),
  z.object({ kind: z.literal('adam'), beta: z.number() }),
]);

const schema = describeSchema(
  z.object({
    lr: z.number(),
    batchSize: z.int(),
    net: z.object({ layers: z.array(z.int()), head: z.object({ dropout: z.number() }) }),
    shared: z.object({ width: z.int() }).meta({ id: 'shared' }),
    optimizer,
    limits: z.object({ steps: z.int() }).nullable(),
    open: z.looseObject({ known: z.number() }),
    weights: z.record(z.string(), z.number()),
    extra: z.any().describe('whatever'),
  }),
);

describe('splitOverride', () => {
  test.for<[text: string, path: string[], value: string]>([
    ['lr=0.1', ['lr'], '0.1'],
    ['net.head.dropout=0.5', ['net', 'head', 'dropout'], '0.5'],
    ['x= 5', ['x'], '5'],
    [' x = 5 ', ['x'], '5'],
    ['name=', ['name'], ''],
    ['expression=a=b', ['expression'], 'a=b'],
    ['l[0]=3', ['l[0]'], '3'],
    ['größe=1', ['größe'], '1'],
    ['__proto__.polluted=1', ['__proto__', 'polluted'], '1'],
  ])('splits "%s" at its first =', ([text, path, value]) => {
    expect(splitOverride(text)).toEqual({ path, value, text });
  });

  test.for(['lr', '=0.1', '', ' =1', '.lr=1', 'net.=1', 'net..head=1', 'main.ts'])(
    'refuses "%s", which has no key',
    (text) => {
      expect(() => splitOverride(text)).toThrow(
        expect.objectContaining({
          code: 'EXP_USAGE',
          message: `"${text}" is no override. Write key=value, as in lr=0.1.`,
        }),
      );
    },
  );
});

describe('parseOverride', () => {
  test('reads the value by the type of its key, and remembers the text', () => {
    expect(parseOverride(splitOverride('net.layers=[64,32]'), schema)).toEqual({
      path: ['net', 'layers'],
      value: [64, 32],
      origin: { layer: 'override', text: 'net.layers=[64,32]' },
    });
  });

  test.for<[text: string, value: unknown]>([
    ['optimizer.kind=adam', 'adam'],
    ['optimizer.kind=sgd', 'sgd'],
    ['optimizer.beta=0.9', 0.9],
    ['limits.steps=7', 7],
    ['limits=null', null],
    ['shared.width=8', 8],
    ['open.known=1', 1],
    ['open.new=1', 1],
    ['open.new=text', 'text'],
    ['open.deep.er=[1]', [1]],
    ['weights.first=0.5', 0.5],
    ['extra.a.b=true', true],
  ])('finds the type of "%s"', ([text, value]) => {
    expect(parseOverride(splitOverride(text), schema).value).toEqual(value);
  });
});

describe('schemaAt', () => {
  test.for<[name: string, hint: string]>([
    ['lrr', 'Did you mean "lr"?'],
    ['batch_size', 'Did you mean "batchSize"?'],
    ['net.laers', 'Did you mean "net.layers"?'],
    ['dropout', 'Did you mean "net.head.dropout"?'],
    ['head.dropout', 'Did you mean "net.head.dropout"?'],
    ['net.head.drop', 'Did you mean "net.head.dropout"?'],
    ['optimizer.momentun', 'Did you mean "optimizer.momentum"?'],
    ['lr.deeper', 'Known: lr, batchSize, net.layers,'],
    ['net.layers.0', 'Did you mean "net.layers"?'],
    ['shared.wdth', 'Did you mean "shared.width"?'],
    ['constructor', 'Known: lr, batchSize,'],
    ['__proto__', 'Known: lr, batchSize,'],
    ['net.__proto__.x', 'Known: lr, batchSize,'],
    ['net.toString', 'Known: lr, batchSize,'],
  ])('says which key is near the unknown "%s"', ([name, hint]) => {
    expect(() => schemaAt(schema, name.split('.'))).toThrow(
      expect.objectContaining({
        code: 'EXP_CONFIG',
        message: expect.stringContaining(`Config key "${name}" is unknown. ${hint}`),
      }),
    );
  });

  test('says so where no config is declared at all', () => {
    expect(() => schemaAt({ type: 'object' }, ['lr'])).toThrow(
      'Config key "lr" is unknown: no config is declared.',
    );
  });

  test('checks the values of a record by their type', () => {
    expect(schemaAt(schema, ['weights', '__proto__'])).toEqual({ type: 'number' });
    expect(() => parseOverride(splitOverride('weights.first=big'), schema)).toThrow(
      'Config "weights.first" must be number, got "big".',
    );
  });
});

describe('leaves', () => {
  test('lists values with their paths; lists, dates and empty objects are values', () => {
    const date = new Date(0);

    expect(leaves({ a: { b: 1, c: [{ d: 2 }] }, e: {}, f: date, g: undefined })).toEqual([
      { path: ['a', 'b'], value: 1 },
      { path: ['a', 'c'], value: [{ d: 2 }] },
      { path: ['e'], value: {} },
      { path: ['f'], value: date },
      { path: ['g'], value: undefined },
    ]);
  });

  test('gives nothing for an empty config', () => {
    expect(leaves({})).toEqual([]);
  });
});

describe('assignmentsOf', () => {
  test('assigns every value of a partial config, with one origin', () => {
    expect(assignmentsOf({ net: { head: { dropout: 0 } } }, { layer: 'api' })).toEqual([
      { path: ['net', 'head', 'dropout'], value: 0, origin: { layer: 'api' } },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parsePath } from '../../src/config/path.ts';
import { describeSchema } from '../../src/config/schema.ts';
import { schemaAt } from '../../src/config/unknown-key.ts';

const schema = describeSchema(
  z.object({
    lr: z.number(),
    batchSize: z.int(),
    net: z.object({ layers: z.array(z.int()), head: z.object({ dropout: z.number() }) }),
    shared: z.object({ width: z.int() }).meta({ id: 'shared-unknown' }),
    optimizer: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('sgd'), momentum: z.number() }),
      z.object({ kind: z.literal('adam'), beta: z.number() }),
    ]),
    runs: z.array(z.object({ name: z.string(), width: z.int() })),
    pair: z.tuple([z.number(), z.string()]),
    weights: z.record(z.string(), z.number()),
    models: z.record(z.string(), z.object({ depth: z.int() })),
    open: z.looseObject({ known: z.number() }),
    extra: z.any().describe('whatever'),
  }),
);

describe('schemaAt', () => {
  test.for<[name: string, hint: string]>([
    ['lrr', 'Did you mean "lr"?'],
    ['batch_size', 'Did you mean "batchSize"?'],
    ['net.laers', 'Did you mean "net.layers"?'],
    ['dropout', 'Did you mean "net.head.dropout"?'],
    ['head.dropout', 'Did you mean "net.head.dropout"?'],
    ['net.head.drop', 'Did you mean "net.head.dropout"?'],
    ['nett.head.dropout', 'Did you mean "net.head.dropout"?'],
    ['optimizer.momentun', 'Did you mean "optimizer.momentum"?'],
    ['shared.wdth', 'Did you mean "shared.width"?'],
    ['runs[0].nam', 'Did you mean "runs[0].name"?'],
    ['models["a.b"].deph', 'Did you mean "models["a.b"].depth"?'],
    ['runs[0].colour', 'Known: name, width.'],
    ['net.toString', 'Known: layers, head.'],
    ['net.__proto__.x', 'Known: layers, head.'],
    ['pair[2]', 'There are 2 items.'],
    ['lr.deeper', 'Known: lr, batchSize, net.layers,'],
    ['constructor', 'Known: lr, batchSize,'],
    ['__proto__', 'Known: lr, batchSize,'],
  ])('says which key is near the unknown %s', ([name, hint]) => {
    expect(() => schemaAt(schema, parsePath(name)!)).toThrow(
      expect.objectContaining({
        code: 'EXP_CONFIG',
        message: expect.stringContaining(`Config key "${name}" is unknown. ${hint}`),
      }),
    );
  });

  test.for<[name: string, type: string]>([
    ['runs[3].width', 'integer'],
    ['runs[-1].name', 'string'],
    ['pair[1]', 'string'],
    ['pair[-1]', 'string'],
    ['weights.__proto__', 'number'],
    ['optimizer.beta', 'number'],
  ])('finds the type of %s', ([name, type]) => {
    expect(schemaAt(schema, parsePath(name)!)).toMatchObject({ type });
  });

  test.for(['open.new', 'open.a.b[0].c', 'extra.a'])('leaves %s open', (name) => {
    expect(schemaAt(schema, parsePath(name)!)).toBe('open');
  });

  test('says so where no config is declared at all', () => {
    expect(() => schemaAt({ type: 'object' }, ['lr'])).toThrow(
      'Config key "lr" is unknown: no config is declared.',
    );
  });
});

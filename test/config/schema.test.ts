import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { followKey } from '../../src/config/json-schema.ts';
import { describeSchema, type ConfigSchema } from '../../src/config/schema.ts';

describe('describeSchema', () => {
  test('gives the JSON Schema of what is written, not of what comes out', () => {
    const schema = z.object({ rate: z.string().transform(Number), lr: z.number().default(0.1) });

    expect(describeSchema(schema)).toMatchObject({
      type: 'object',
      properties: { rate: { type: 'string' }, lr: { type: 'number', default: 0.1 } },
    });
  });

  test.for<[title: string, schema: z.ZodType]>([
    ['refined', z.object({ a: z.number() }).refine(() => true)],
    ['transformed', z.object({ a: z.number() }).transform((config) => config.a)],
    ['strict', z.strictObject({ a: z.number() })],
    ['loose', z.looseObject({ a: z.number() })],
    ['joined', z.object({ a: z.number() }).and(z.object({ b: z.number() }))],
    ['lazy', z.lazy(() => z.object({ a: z.number() }))],
    ['free', z.record(z.string(), z.number())],
    ['reused', z.object({ a: z.number() }).meta({ id: 'describe-schema' })],
  ])('takes a %s object', ([, schema]) => {
    expect(describeSchema(schema).type).toBe('object');
  });

  test('puts definitions in the place of references to them, with what stands beside', () => {
    const Layer = z.object({ width: z.int() }).meta({ id: 'layer' });

    const { properties } = describeSchema(
      z.object({ first: Layer.describe('the first one'), rest: z.array(Layer) }),
    );

    const width = { type: 'integer' };
    expect(properties).toMatchObject({
      first: { description: 'the first one', properties: { width } },
      rest: { items: { properties: { width } } },
    });
  });

  test('knows a recursive schema at every depth', () => {
    const Tree = z.object({
      value: z.number(),
      get left() {
        return Tree.optional().describe('the smaller ones');
      },
      get children() {
        return z.array(Tree);
      },
    });
    const path = ['tree', 'left', 'children', '0', 'left', 'children', '7', 'value'];

    for (const schema of [z.object({ tree: Tree }), z.object({ tree: z.lazy(() => Tree) })]) {
      const described = describeSchema(schema);
      expect(followKey(described, path)).toEqual({ type: 'number' });
      expect(followKey(described, path.slice(0, -1).concat('other'))).toBeUndefined();
      expect(followKey(described, path.slice(0, 5))).toMatchObject({
        description: 'the smaller ones',
      });
    }
    expect(followKey(describeSchema(Tree), path.slice(1))).toEqual({ type: 'number' });
  });

  test('keeps defaults that JSON has no number for', () => {
    const { properties } = describeSchema(
      z.object({
        steps: z.number().default(Infinity),
        low: z.number().optional().default(-Infinity),
        limits: z.object({ high: z.number() }).default({ high: Infinity }),
        name: z.string().default('inf'),
      }),
    );

    expect(properties).toMatchObject({
      steps: { default: Infinity },
      low: { default: -Infinity },
      limits: { default: { high: Infinity } },
      name: { default: 'inf' },
    });
  });

  test.for<[title: string, value: unknown, message: RegExp]>([
    ['a plain object', { lr: 0.1 }, /got a plain object/],
    ['a function', () => ({}), /got function/],
    ['nothing', undefined, /got undefined/],
    ['a number schema', z.number(), /must be an object schema, as z\.object/],
    ['a list schema', z.array(z.number()), /must be an object schema/],
    [
      'a schema that validates but cannot describe itself',
      { '~standard': { version: 1, vendor: 'x', validate: (value: unknown) => ({ value }) } },
      /can describe itself \(Standard JSON Schema\)/,
    ],
    [
      'a schema whose description fails',
      {
        '~standard': {
          jsonSchema: {
            input() {
              throw new Error('too odd');
            },
          },
        },
      },
      /The config schema cannot describe itself: too odd\./,
    ],
  ])('refuses %s', ([, value, message]) => {
    expect(() => describeSchema(value as ConfigSchema)).toThrow(
      expect.objectContaining({
        code: 'EXP_CONFIG',
        message: expect.stringMatching(message),
      }),
    );
  });
});

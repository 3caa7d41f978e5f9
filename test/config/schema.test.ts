import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { childSchema, describeSchema, type ConfigSchema } from '../../src/config/schema.ts';

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

  test('leaves the inside of a recursive schema open', () => {
    interface Tree {
      readonly value: number;
      readonly children: readonly Tree[];
    }
    const Tree: z.ZodType<Tree> = z.lazy(() =>
      z.object({ value: z.number(), children: z.array(Tree) }),
    );

    const { properties } = describeSchema(z.object({ tree: Tree }));

    expect(properties!['tree']!.properties).toEqual({
      value: { type: 'number' },
      children: { type: 'array', items: {} },
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

describe('childSchema', () => {
  const schema = describeSchema(
    z.object({
      known: z.number(),
      same: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), one: z.string() }),
        z.object({ kind: z.literal('b'), two: z.string() }),
      ]),
      record: z.record(z.string(), z.boolean()),
      loose: z.looseObject({ known: z.number() }),
      strict: z.strictObject({ known: z.number() }),
      anything: z.unknown().default(1),
      never: z.never().optional(),
      nullable: z.object({ known: z.number() }).nullable(),
    }),
  );
  const at = (name: string): NonNullable<ReturnType<typeof child>> => child(name)!;
  const child = (name: string) =>
    childSchema(schema, name) as Exclude<ReturnType<typeof childSchema>, 'open'>;

  test.for<[section: string, key: string, type: string]>([
    ['same', 'one', 'string'],
    ['same', 'two', 'string'],
    ['record', 'whatever', 'boolean'],
    ['loose', 'known', 'number'],
    ['strict', 'known', 'number'],
    ['nullable', 'known', 'number'],
  ])('finds %s.%s', ([section, key, type]) => {
    expect(childSchema(at(section), key)).toMatchObject({ type });
  });

  test('joins what alternatives say about a key they share', () => {
    expect(childSchema(at('same'), 'kind')).toEqual({
      anyOf: [
        { type: 'string', const: 'a' },
        { type: 'string', const: 'b' },
      ],
    });
  });

  test.for(['loose', 'anything'])('is open for other keys of %s', (section) => {
    expect(childSchema(at(section), 'other')).toBe('open');
  });

  test.for(['known', 'strict', 'nullable', 'same', 'never'])(
    'knows no other keys of %s',
    (section) => {
      expect(childSchema(at(section), 'other')).toBeUndefined();
      expect(childSchema(at(section), 'constructor')).toBeUndefined();
      expect(childSchema(at(section), '__proto__')).toBeUndefined();
    },
  );
});

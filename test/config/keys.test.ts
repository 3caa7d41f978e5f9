import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configKeys } from '../../src/config/keys.ts';
import { describeSchema } from '../../src/config/schema.ts';
import { configSections } from '../../src/config/sections.ts';
import { typeText } from '../../src/config/type-text.ts';

function keysOf(shape: Record<string, z.ZodType>): ReturnType<typeof configKeys> {
  return configKeys(describeSchema(z.object(shape)));
}

describe('typeText', () => {
  test.for<[text: string, type: z.ZodType]>([
    ['number', z.number()],
    ['number > 0', z.number().positive()],
    ['number >= 0 <= 1', z.number().min(0).max(1)],
    ['number > -1 < 1', z.number().gt(-1).lt(1)],
    ['integer', z.int()],
    ['integer > 0', z.int().positive()],
    ['boolean', z.boolean()],
    ['text', z.string()],
    ['text', z.url()],
    ['sgd | adam', z.enum(['sgd', 'adam'])],
    ['3', z.literal(3)],
    ['auto | 1 | true', z.literal(['auto', 1, true])],
    ['number | null', z.number().nullable()],
    ['sgd | adam | null', z.enum(['sgd', 'adam']).nullable()],
    ['number | auto', z.union([z.number(), z.literal('auto')])],
    ['number | text', z.union([z.number(), z.string()])],
    ['number > 0 | auto | null', z.union([z.number().positive(), z.literal('auto'), z.null()])],
    ['integer[]', z.array(z.int())],
    ['number[][]', z.array(z.array(z.number()))],
    ['(sgd | adam)[]', z.array(z.enum(['sgd', 'adam']))],
    ['(number > 0)[]', z.array(z.number().positive())],
    ['any[]', z.array(z.any())],
    ['[number, text]', z.tuple([z.number(), z.string()])],
    ['object of number', z.record(z.string(), z.number())],
    ['object of (sgd | adam)', z.record(z.string(), z.enum(['sgd', 'adam']))],
    ['object', z.record(z.string(), z.any())],
    ['any', z.any()],
    ['date', z.date()],
    ['any', z.coerce.date()],
    [
      'text | number | boolean | null | (text | number | boolean | null | list | object of (text | number | boolean | null | list | object))[] | object of (text | number | boolean | null | (text | number | boolean | null | list | object)[] | object)',
      z.json(),
    ],
  ])('is "%s"', ([text, type]) => {
    expect(typeText(describeSchema(z.object({ type })).properties!['type']!)).toBe(text);
  });
});

describe('configKeys', () => {
  test('lists every key in the order of the schema, sections by dotted path', () => {
    const keys = keysOf({
      zeta: z.number().default(1).describe('comes first'),
      net: z
        .object({ head: z.object({ dropout: z.number().default(0.5) }).prefault({}) })
        .prefault({}),
      alpha: z.string(),
    });

    expect(keys).toEqual([
      {
        path: 'zeta',
        type: 'number',
        required: false,
        default: 1,
        description: 'comes first',
      },
      { path: 'net.head.dropout', type: 'number', required: false, default: 0.5 },
      { path: 'alpha', type: 'text', required: true },
    ]);
  });

  test('lists nothing for an empty config', () => {
    expect(keysOf({})).toEqual([]);
  });

  test.for<[title: string, type: z.ZodType, required: boolean]>([
    ['a key without a default is', z.number(), true],
    ['a nullable key is', z.number().nullable(), true],
    ['a key with a default is not', z.number().default(1), false],
    ['a key whose default is null is not', z.number().nullable().default(null), false],
    ['an optional key is not', z.number().optional(), false],
    ['a key of a required section is', z.object({ x: z.number() }), true],
    ['a key of an optional section is not', z.object({ x: z.number() }).optional(), false],
    ['a key of a section that may be null is not', z.object({ x: z.number() }).nullable(), false],
    [
      'a key whose section has a default is not',
      z.object({ x: z.number() }).default({ x: 1 }),
      false,
    ],
    [
      'a key that the default of its section lacks is',
      z.object({ x: z.number(), y: z.number().default(1) }).prefault({} as never),
      true,
    ],
  ])('required: %s', ([, type, required]) => {
    expect(keysOf({ key: type })[0]!.required).toBe(required);
  });

  test('takes defaults from the section where that has its own', () => {
    const keys = keysOf({
      net: z.object({ width: z.int().default(1), depth: z.int() }).default({ width: 8, depth: 2 }),
    });

    expect(keys.map((key) => [key.path, key.default])).toEqual([
      ['net.width', 8],
      ['net.depth', 2],
    ]);
  });

  test('lists the keys of every alternative of a section', () => {
    const optimizer = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('sgd'), momentum: z.number() }),
      z.object({ kind: z.literal('adam'), beta: z.number() }),
    ]);

    expect(keysOf({ optimizer })).toEqual([
      { path: 'optimizer.kind', type: 'sgd | adam', required: true },
      {
        path: 'optimizer.momentum',
        type: 'number',
        required: false,
        only: 'optimizer.kind=sgd',
      },
      { path: 'optimizer.beta', type: 'number', required: false, only: 'optimizer.kind=adam' },
    ]);
  });

  test('lists what is known of an open section', () => {
    const keys = keysOf({
      loose: z.looseObject({ known: z.number() }),
      free: z.record(z.string(), z.number()),
    });

    expect(keys.map((key) => key.path)).toEqual(['loose.known', 'free']);
  });

  test('quotes names that a path would read otherwise', () => {
    const keys = keysOf({ models: z.object({ 'gpt-4.1': z.object({ size: z.int() }) }) });

    expect(keys.map((key) => key.path)).toEqual(['models["gpt-4.1"].size']);
  });

  test('lists a section that stands inside of itself as one key', () => {
    const Tree = z.object({
      value: z.number(),
      get left() {
        return Tree.optional();
      },
    });
    type Expression = { op: 'add'; left: Expression; right: Expression } | { op: 'one' };
    const Expression: z.ZodType<Expression> = z.lazy(() =>
      z.union([
        z.object({ op: z.literal('add'), left: Expression, right: Expression }),
        z.object({ op: z.literal('one') }),
      ]),
    );

    expect(keysOf({ tree: Tree }).map((key) => [key.path, key.type])).toEqual([
      ['tree.value', 'number'],
      ['tree.left', 'object'],
    ]);
    expect(keysOf({ it: Expression }).map((key) => key.path)).toEqual([
      'it.op',
      'it.left',
      'it.right',
    ]);
  });
});

describe('configSections', () => {
  test('lists sections that declare keys, outer ones first, and says which are open', () => {
    const inner = z.object({ eps: z.number() }).describe('of layers');
    const schema = describeSchema(
      z.object({ net: z.looseObject({ norm: inner }), free: z.record(z.string(), z.number()) }),
    );

    expect(configSections(schema)).toEqual([
      { path: 'net', isOpen: true },
      { path: 'net.norm', description: 'of layers', isOpen: false },
    ]);
  });
});

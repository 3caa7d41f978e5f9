import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseValue } from '../../src/config/parse-value.ts';
import type { JsonSchema } from '../../src/config/json-schema.ts';
import { describeSchema } from '../../src/config/schema.ts';

/** What the text of an override becomes under a schema. */
function read(type: z.ZodType, text: string): unknown {
  const { properties } = describeSchema(z.object({ key: type }));
  return parseValue('key', text, properties!['key']!);
}

const number = z.number();
const auto = z.union([z.number(), z.literal('auto')]);
const nullable = z.number().nullable();
const optimizer = z.enum(['sgd', 'adam']);
const layers = z.array(z.int());

describe('parseValue', () => {
  test.for<[type: string, text: string, value: unknown, schema: z.ZodType]>([
    ['number', '0.1', 0.1, number],
    ['number', '1e-3', 0.001, number],
    ['number', '-2.5E+4', -25_000, number],
    ['number', '+5', 5, number],
    ['number', '.5', 0.5, number],
    ['number', '5.', 5, number],
    ['number', '007', 7, number],
    ['number', '-0', -0, number],
    ['number', '10_000', 10_000, number],
    ['number', '0x1F', 31, number],
    ['number', '0b101', 5, number],
    ['number', '0o17', 15, number],
    ['number', 'inf', Infinity, number],
    ['number', '-Infinity', -Infinity, number],
    ['number', 'nan', NaN, number],
    ['integer', '1e3', 1000, z.int()],
    ['boolean', 'true', true, z.boolean()],
    ['boolean', 'false', false, z.boolean()],
    ['text', 'sgd', 'sgd', z.string()],
    ['text', 'true', 'true', z.string()],
    ['text', 'null', 'null', z.string()],
    ['text', '5', '5', z.string()],
    ['text', '1e-3', '1e-3', z.string()],
    ['text', '', '', z.string()],
    ['text', '[1,2', '[1,2', z.string()],
    ['text', 'a,b', 'a,b', z.string()],
    ['text', 'a=b=c', 'a=b=c', z.string()],
    ['text', '"quoted"', 'quoted', z.string()],
    ['text', "'it is'", 'it is', z.string()],
    ['text', '""', '', z.string()],
    ['text', 'größe 学', 'größe 学', z.string()],
    ['text', 'C:\\new', 'C:\\new', z.string()],
    ['choice', 'adam', 'adam', optimizer],
    ['choice', '"adam"', 'adam', optimizer],
    ['choice of numbers', '2', 2, z.literal([1, 2])],
    ['choice of kinds', 'true', true, z.literal(['auto', 1, true])],
    ['nullable number', 'null', null, nullable],
    ['nullable number', '3', 3, nullable],
    ['nullable text', 'null', null, z.string().nullable()],
    ['nullable text', '"null"', 'null', z.string().nullable()],
    ['nullable choice', 'null', null, optimizer.nullable()],
    ['number or word', 'auto', 'auto', auto],
    ['number or word', '0.5', 0.5, auto],
    ['word or text', 'manual', 'manual', z.union([z.literal('auto'), z.string()])],
    ['number or text', '5', 5, z.union([z.number(), z.string()])],
    ['number or text', '"5"', '5', z.union([z.number(), z.string()])],
    ['boolean or text', 'yes', 'yes', z.union([z.boolean(), z.string()])],
    ['list', '[64,32]', [64, 32], layers],
    ['list', '[ 64 , 32 ]', [64, 32], layers],
    ['list', '[]', [], layers],
    ['list', '[ ]', [], layers],
    ['list of lists', '[[1,2],[]]', [[1, 2], []], z.array(layers)],
    ['list of texts', '[a, "b,c", 5]', ['a', 'b,c', '5'], z.array(z.string())],
    ['list of anything', '[1,a,null]', [1, 'a', null], z.array(z.any())],
    ['nullable list', '[1]', [1], layers.nullable()],
    ['tuple', '[1,1]', ['1', 1], z.tuple([z.string(), z.number()])],
    ['section', '{"a": 1}', { a: 1 }, z.object({ a: z.number() })],
    ['record', '{"a": 1}', { a: 1 }, z.record(z.string(), z.number())],
    ['anything', '5', 5, z.any()],
    ['anything', '{"a": [1]}', { a: [1] }, z.any()],
    ['anything', '"5"', '5', z.any()],
    ['anything', 'plain', 'plain', z.any()],
    ['described anything', '[1]', [1], z.unknown().describe('any')],
    ['coerced date', '2026-01-31', '2026-01-31', z.coerce.date()],
  ])('reads, for %s, %j as %o', ([, text, value, schema]) => {
    expect(read(schema, text)).toEqual(value);
  });

  test.for<[type: string, text: string, schema: z.ZodType]>([
    ['number', 'abc', number],
    ['number', '', number],
    ['number', '1,5', number],
    ['number', '1 2', number],
    ['number', '1__0', number],
    ['number', '0b12', number],
    ['number', '0xfg', number],
    ['number', '--1', number],
    ['number', 'null', number],
    ['integer >= 1', 'two', z.int().min(1)],
    ['boolean', 'yes', z.boolean()],
    ['boolean', '1', z.boolean()],
    ['boolean', 'True', z.boolean()],
    ['sgd | adam', 'adan', optimizer],
    ['sgd | adam', 'SGD', optimizer],
    ['1 | 2', '3', z.literal([1, 2])],
    ['number | null', 'none', nullable],
    ['number | auto', 'automatic', auto],
    ['integer[]', '64', layers],
    ['object', 'a', z.object({ a: z.number() })],
  ])('refuses, for %s, %j', ([type, text, schema]) => {
    expect(() => read(schema, text)).toThrow(
      expect.objectContaining({
        code: 'EXP_CONFIG',
        message: expect.stringContaining(`Config "key" must be ${type}, got "${text}".`),
      }),
    );
  });

  test.for<[title: string, schema: z.ZodType, text: string, message: string]>([
    ['an item of a list', layers, '[1,x]', 'Config "key[1]" must be integer, got "x".'],
    [
      'a list without its end',
      layers,
      '[1,2',
      'Config "key" is a list without its "]": got "[1,2".',
    ],
    [
      'broken JSON',
      z.record(z.string(), z.any()),
      '{a: 1}',
      'Config "key" is no JSON: got "{a: 1}".',
    ],
  ])('names %s', ([, schema, text, message]) => {
    expect(() => read(schema, text)).toThrow(message);
  });

  test('says how to sweep when several values stand for one', () => {
    expect(() => read(number, '0.1,0.01')).toThrow(
      'Config "key" must be number, got "0.1,0.01". To sweep over values, add --sweep.',
    );
  });

  test('gives back every number in any of its spellings', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        for (const text of [String(value), value.toExponential()]) {
          expect(read(number, text)).toBe(Number(text));
        }
      }),
    );
  });

  test('gives back every text that is quoted as it is needed', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from(`ab "',[]{}=\n`)) }), (value) => {
        expect(read(z.string(), `"${value.replaceAll('"', '\\"')}"`)).toBe(value);
      }),
    );
  });

  test('reads JSON where anything goes', () => {
    const open: (JsonSchema | 'open')[] = ['open', {}, { description: 'anything' }];
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...open), (value, schema) => {
        const text = JSON.stringify(value);

        expect(parseValue('key', text, schema)).toEqual(JSON.parse(text));
      }),
    );
  });
});

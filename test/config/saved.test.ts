import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../../src/config/compose.ts';
import { configKeys } from '../../src/config/keys.ts';
import { restoreNumbers } from '../../src/config/restore-numbers.ts';
import { configAsJson, configAsYaml, exactValues } from '../../src/config/saved.ts';
import { assignmentsOf } from '../../src/config/assignment.ts';
import { readConfigFile } from '../../src/config/config-file.ts';
import { toJson } from '../../src/core/json.ts';
import { finite, key, nested, number, word } from '../helpers/arbitrary-values.ts';
import { compose, values } from '../helpers/compose.ts';
import { test } from '../helpers/temp-dir.ts';

/** Saves a config as its run would record it, loads it again and composes it. */
async function reloaded(
  dir: string,
  schema: z.ZodType,
  config: unknown,
  format: 'yaml' | 'json',
): Promise<unknown> {
  const described = schemaOf(schema);
  const saved = {
    values: exactValues(toJson(config), described),
    derived: {},
    keys: configKeys(described),
  };
  const file = join(dir, `saved.${format}`);
  writeFileSync(file, format === 'yaml' ? configAsYaml(saved) : configAsJson(saved));
  const layers = readConfigFile(file, described).map(({ values, originOf }) =>
    assignmentsOf({ values: restoreNumbers(values, described), originOf }, described),
  );
  return (await compose(schema, layers)).config;
}

const Config = z.object({
  text: z.string().default('x'),
  maybe: z.string().nullable().default(null),
  number: z.union([z.number(), z.nan(), z.literal(Infinity), z.literal(-Infinity)]).default(1),
  either: z.union([z.number(), z.string(), z.boolean()]).default(1),
  list: z.array(z.string()).default(['a', 'b']),
  pair: z.tuple([z.number(), z.string()]).default([1, 'b']),
  items: z.array(z.object({ name: z.string(), size: z.number().default(1) })).default([]),
  record: z.record(z.string(), z.number()).default({ p: 1, q: 2 }),
  words: z.record(z.string(), z.string()).default({ a: 'b' }),
  deep: z
    .object({ record: z.record(z.string(), z.number()), x: z.number() })
    .default({ record: { p: 1 }, x: 3 }),
  open: z.looseObject({ known: z.string().default('k') }).prefault({ known: 'j' }),
  free: z.any().default({ a: { b: 1 } }),
  models: z
    .record(z.string(), z.object({ x: z.number().default(1), w: z.string().default('w') }))
    .default({ m: { x: 2, w: 'v' } }),
  maybeSection: z
    .object({ k: z.number().default(1) })
    .nullable()
    .default({ k: 2 }),
  kind: z
    .discriminatedUnion('is', [
      z.object({ is: z.literal('a'), p: z.number().default(1) }),
      z.object({ is: z.literal('b'), q: z.string().default('q') }),
    ])
    .default({ is: 'a', p: 5 }),
});

const config = fc.record({
  text: word,
  maybe: fc.option(word),
  number: fc.oneof(number, fc.constantFrom(NaN, Infinity, -Infinity)),
  either: fc.oneof(word, finite, fc.boolean()),
  list: fc.array(word, { maxLength: 3 }),
  pair: fc.tuple(finite, word),
  items: fc.array(fc.record({ name: word, size: finite }), { maxLength: 2 }),
  record: fc.dictionary(key, finite, { maxKeys: 4 }),
  words: fc.dictionary(key, word, { maxKeys: 4 }),
  deep: fc.record({ record: fc.dictionary(key, finite, { maxKeys: 2 }), x: finite }),
  open: fc
    .tuple(fc.dictionary(key, nested, { maxKeys: 3 }), word)
    .map(([others, known]) => ({ ...others, known })),
  free: nested,
  models: fc.dictionary(key, fc.record({ x: finite, w: word }), { maxKeys: 2 }),
  maybeSection: fc.option(fc.record({ k: finite })),
  kind: fc.oneof(
    fc.record({ is: fc.constant('a'), p: finite }),
    fc.record({ is: fc.constant('b'), q: word }),
  ),
});

/** Zero has one sign in JSON. */
function unsigned(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(unsigned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unsigned(inner)]));
}

describe('a saved config', () => {
  test.for(['yaml', 'json'] as const)(
    'in %s loads back to the same config, whatever its values and keys',
    async (format, { dir }) => {
      await fc.assert(
        fc.asyncProperty(config, async (original) => {
          expect(await reloaded(dir, Config, original, format)).toEqual(unsigned(original));
        }),
        { numRuns: 300 },
      );
    },
  );

  test('of any schema and values does', async ({ dir }) => {
    const leaf = fc.constantFrom<[z.ZodType, fc.Arbitrary<unknown>]>(
      [z.string(), word],
      [z.number(), finite],
      [z.boolean(), fc.boolean()],
      [z.array(z.string()), fc.array(word, { maxLength: 3 })],
      [z.record(z.string(), z.string()), fc.dictionary(key, word, { maxKeys: 3 })],
      [z.union([z.number(), z.string()]), fc.oneof(word, finite)],
      [z.string().nullable(), fc.option(word)],
      [z.any(), nested],
    );
    type Typed = readonly [z.ZodType, unknown];
    const typed: fc.Memo<Typed> = fc.memo((depth) => {
      const withDefault = leaf.chain(([type, arbitrary]) =>
        fc
          .tuple(arbitrary, fc.option(arbitrary, { nil: undefined }))
          .map(([value, byDefault]): Typed => [
            byDefault === undefined ? type : type.default(byDefault as never),
            value,
          ]),
      );
      if (depth <= 1) return withDefault;
      const section = fc
        .dictionary(fc.constantFrom('a', 'b', 'c.d', '~e', 'f:'), typed(depth - 1), { maxKeys: 3 })
        .map((fields): Typed => {
          const entries = Object.entries(fields);
          const shape = Object.fromEntries(entries.map(([name, [type]]) => [name, type]));
          const value = Object.fromEntries(entries.map(([name, [, inner]]) => [name, inner]));
          return [z.object(shape), value];
        });
      return fc.oneof(withDefault, section);
    });
    const fields = fc.dictionary(fc.constantFrom('k', 'l', 'm', 'n'), typed(3), { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(fields, fc.constantFrom('yaml', 'json'), async (all, format) => {
        const entries = Object.entries(all);
        const schema = z.object(Object.fromEntries(entries.map(([name, [type]]) => [name, type])));
        const original = Object.fromEntries(entries.map(([name, [, value]]) => [name, value]));

        expect(await reloaded(dir, schema, original, format)).toEqual(unsigned(original));
      }),
      { numRuns: 300 },
    );
  });

  test('is as short as it reads: objects are marked only where their defaults would come back', () => {
    const saved = (nestedValues: unknown): unknown => exactValues(nestedValues, schemaOf(Config));

    expect(saved({ record: { p: 1, q: 2, r: 3 }, deep: { record: { q: 1 }, x: 1 } })).toEqual({
      record: { p: 1, q: 2, r: 3 },
      deep: { 'record:': { q: 1 }, x: 1 },
    });
    expect(saved({ record: {}, open: { 'known:': 1, known: 'a' } })).toEqual({
      'record:': {},
      open: { '["known:"]': 1, known: 'a' },
    });
  });

  test('in YAML shows descriptions, quotes what looks like something else, and derived values', () => {
    const schema = z.object({
      lr: z.number().describe('learning rate\nof the optimizer'),
      net: z.object({ act: z.string().describe('activation') }),
      name: z.string(),
    });

    const text = configAsYaml({
      values: { lr: 0.1, net: { act: 'relu' }, name: '1.10' },
      derived: { warmup: 2, 'net.depth': NaN },
      keys: configKeys(schemaOf(schema)),
    });

    expect(text).toBe(
      [
        '# learning rate',
        '# of the optimizer',
        'lr: 0.1',
        'net:',
        '  # activation',
        '  act: relu',
        'name: "1.10"',
        '',
        '# Derived from the values above:',
        '# warmup: 2',
        '# net.depth: nan',
        '',
      ].join('\n'),
    );
  });
});

test('values that are composed are the values that were given', async () => {
  await fc.assert(
    fc.asyncProperty(config, async (original) => {
      const exact = exactValues(original, schemaOf(Config));

      expect((await compose(Config, [values(Config, exact)])).config).toEqual(original);
    }),
    { numRuns: 200 },
  );
});

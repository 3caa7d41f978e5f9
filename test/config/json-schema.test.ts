import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { childSchema, declares, narrow } from '../../src/config/json-schema.ts';
import { describeSchema } from '../../src/config/schema.ts';

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

describe('narrow', () => {
  const union = describeSchema(
    z.object({
      it: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), one: z.string() }),
        z.object({ kind: z.enum(['b', 'c']), two: z.string() }),
      ]),
    }),
  ).properties!['it']!;

  test.for<[value: unknown, known: string[]]>([
    [{ kind: 'a' }, ['one']],
    [{ kind: 'c', one: 1 }, ['two']],
    [{}, ['one', 'two']],
    [{ kind: 'other' }, ['one', 'two']],
    [[1], ['one', 'two']],
  ])('leaves of the alternatives those that go with %j', ([value, known]) => {
    const fitting = narrow(union, value);

    const names = ['one', 'two'].filter((name) => childSchema(fitting, name) !== undefined);
    expect(names).toEqual(known);
  });
});

describe('declares', () => {
  const schema = describeSchema(
    z.object({ net: z.object({ lr: z.number() }), open: z.looseObject({ known: z.number() }) }),
  );

  test.for<[path: string[], does: boolean]>([
    [['net'], true],
    [['net', 'lr'], true],
    [['open', 'known'], true],
    [['open', 'new'], false],
    [['other'], false],
    [['net', 'lr', 'deeper'], false],
  ])('tells of %j whether the schema names it', ([path, does]) => {
    expect(declares(schema, path)).toBe(does);
  });
});

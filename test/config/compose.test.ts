import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  assignmentsOf,
  parseOverride,
  splitOverride,
  type Assignment,
} from '../../src/config/assignment.ts';
import { composeConfig, schemaOf, type Composed } from '../../src/config/compose.ts';

const Training = z.object({
  lr: z.number().positive().default(0.01),
  epochs: z.int().positive().default(20),
  note: z.string().optional(),
  net: z
    .object({
      layers: z.array(z.int().positive()).default([64]),
      activation: z.enum(['relu', 'tanh']).default('relu'),
    })
    .prefault({}),
  open: z.looseObject({}).optional(),
  weights: z.record(z.string(), z.number()).optional(),
});

function overrides(schema: z.ZodType, ...texts: string[]): Assignment[] {
  return texts.map((text) => parseOverride(splitOverride(text), schemaOf(schema)));
}

function compose(...texts: string[]): Promise<Composed> {
  return composeConfig(Training, overrides(Training, ...texts));
}

async function linesOfError(composing: Promise<unknown>): Promise<string[]> {
  const error = await composing.then(
    () => expect.unreachable('it was accepted'),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ code: 'EXP_CONFIG' });
  return (error as Error).message.split('\n');
}

describe('composeConfig', () => {
  test('fills in the defaults', async () => {
    const { config, input } = await compose();

    expect(config).toEqual({ lr: 0.01, epochs: 20, net: { layers: [64], activation: 'relu' } });
    expect(input).toEqual({});
  });

  test('lets the last assignment win', async () => {
    const { config, input } = await compose('lr=1', 'net.layers=[8]', 'lr=2');

    expect(config).toMatchObject({ lr: 2, net: { layers: [8], activation: 'relu' } });
    expect(input).toEqual({ lr: 2, net: { layers: [8] } });
  });

  test('merges a key into a section that was assigned whole, and the other way replaces it', async () => {
    const merged = await compose('net={"layers":[8]}', 'net.activation=tanh');
    const replaced = await compose('net.activation=tanh', 'net={"layers":[8]}');

    expect(merged.config).toMatchObject({ net: { layers: [8], activation: 'tanh' } });
    expect(replaced.config).toMatchObject({ net: { layers: [8], activation: 'relu' } });
  });

  test('gives the same config again for the input it returns', async () => {
    const first = await compose('net.layers=[8,4]', 'open.a.b=1', 'weights.w=2');

    const again = await composeConfig(Training, assignmentsOf(first.input, { layer: 'api' }));

    expect(again.config).toEqual(first.config);
    expect(again.input).toEqual(first.input);
  });

  test('validates after transforms and coercions of the schema', async () => {
    const schema = z.object({
      when: z.coerce.date(),
      rate: z.string().transform((text) => Number(text) / 100),
    });

    const { config, input } = await composeConfig(
      schema,
      overrides(schema, 'when=2026-01-31', 'rate=50'),
    );

    expect(config).toEqual({ when: new Date('2026-01-31'), rate: 0.5 });
    expect(input).toEqual({ when: '2026-01-31', rate: '50' });
  });

  test('waits for checks that take time', async () => {
    const schema = z.object({
      file: z.string().refine((name) => Promise.resolve(name !== 'missing'), 'no such file'),
    });

    expect((await composeConfig(schema, overrides(schema, 'file=a'))).config).toEqual({
      file: 'a',
    });
    await expect(composeConfig(schema, overrides(schema, 'file=missing'))).rejects.toThrow(
      'Config "file": no such file, got "missing" (override file=missing)',
    );
  });

  test('takes nothing where no config is declared', async () => {
    expect(await composeConfig(undefined, [])).toEqual({ input: {}, config: {}, origins: {} });
    await expect(
      composeConfig(undefined, assignmentsOf({ lr: 1 }, { layer: 'api' })),
    ).rejects.toThrow('Config key "lr" is unknown: no config is declared.');
  });

  test('freezes the config at every depth', async () => {
    const config = (await compose('open.a={"b":[{}]}')).config as {
      net: { layers: number[] };
      open: { a: { b: object[] } };
    };

    for (const part of [config, config.net, config.net.layers, config.open.a.b[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test('leaves the values it was given alone', async () => {
    const values = { net: { layers: [1, 2] } };

    const { config, input } = await composeConfig(
      Training,
      assignmentsOf(values, { layer: 'api' }),
    );
    values.net.layers.push(3);

    expect(config).toMatchObject({ net: { layers: [1, 2] } });
    expect(input).toEqual({ net: { layers: [1, 2] } });
  });

  test('keeps __proto__ a key like any other, away from all prototypes', async () => {
    const { config, input } = await compose('open.__proto__.polluted=1', 'weights.__proto__=2');

    const { open, weights } = config as { open: object; weights: object };
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.hasOwn(input['open'] as object, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(open)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(weights)).toBe(Object.prototype);
  });
});

describe('Composed.origins', () => {
  test('tells default, variant, override and api apart, by leaf', async () => {
    const { origins } = await composeConfig(Training, [
      ...assignmentsOf({ epochs: 3 }, { layer: 'api' }),
      { path: ['net', 'layers'], value: [8], origin: { layer: 'variant' } },
      ...overrides(Training, 'lr=1', 'open.a=1'),
    ]);

    expect(origins).toEqual({
      lr: { layer: 'override', text: 'lr=1' },
      epochs: { layer: 'api' },
      'net.layers': { layer: 'variant' },
      'net.activation': { layer: 'default' },
      'open.a': { layer: 'override', text: 'open.a=1' },
    });
  });

  test('names for each key of a section that was assigned whole where its value came from', async () => {
    const { origins } = await compose('net.activation=tanh', 'net={"layers":[8]}');

    expect(origins).toMatchObject({
      'net.layers': { layer: 'override', text: 'net={"layers":[8]}' },
      'net.activation': { layer: 'default' },
    });
  });
});

describe('the error of composeConfig', () => {
  test('has a line for every problem: key, expectation, value, origin', async () => {
    const lines = await linesOfError(
      composeConfig(Training, [
        ...assignmentsOf({ epochs: -1 }, { layer: 'api' }),
        { path: ['net', 'layers'], value: [8, -8], origin: { layer: 'variant' } },
        ...overrides(Training, 'lr=0'),
      ]),
    );

    expect(lines).toEqual([
      'Config "lr": Too small: expected number to be >0, got 0 (override lr=0)',
      'Config "epochs": Too small: expected number to be >0, got -1 (api)',
      'Config "net.layers.1": Too small: expected number to be >0, got -8 (variant)',
    ]);
  });

  test.for<[title: string, type: z.ZodType, value: unknown, got: string]>([
    ['NaN', z.number(), NaN, 'got nan (api)'],
    ['infinity', z.number(), -Infinity, 'got -inf (api)'],
    ['a bigint', z.number(), 5n, 'got 5 (api)'],
    ['text', z.number(), '5', 'got "5" (api)'],
    ['null', z.number(), null, 'got null (api)'],
    ['a list', z.number(), [1, NaN], 'got [1,"nan"] (api)'],
  ])('spells out %s', async ([, type, value, got]) => {
    const schema = z.object({ lr: type });

    const [line] = await linesOfError(
      composeConfig(schema, assignmentsOf({ lr: value }, { layer: 'api' })),
    );

    expect(line).toMatch(/^Config "lr": /);
    expect(line!.endsWith(got)).toBe(true);
  });

  test('says only what was expected of a value that is missing', async () => {
    const schema = z.object({ lr: z.number() });

    expect(await linesOfError(composeConfig(schema, []))).toEqual([
      'Config "lr": Invalid input: expected number, received undefined',
    ]);
  });

  test('names the whole config where a check is about all of it', async () => {
    const schema = z
      .object({ low: z.number().default(2), high: z.number().default(1) })
      .refine(({ low, high }) => low < high, 'low must be below high');

    const [line] = await linesOfError(composeConfig(schema, []));

    expect(line).toMatch(/^Config: low must be below high/);
  });
});

describe('sections', () => {
  const Nested = z.object({
    train: z.object({ lr: z.number().default(0.1), epochs: z.int() }),
    env: z.object({ name: z.string().default('pole') }).optional(),
  });

  test('that nobody mentions hold their defaults', async () => {
    const assignments = assignmentsOf({ train: { epochs: 3 } }, { layer: 'api' });

    const { config } = await composeConfig(Nested, assignments);

    expect(config).toEqual({ train: { lr: 0.1, epochs: 3 } });
  });

  test('report the key that is missing inside of them', async () => {
    await expect(composeConfig(Nested, [])).rejects.toThrow(/Config "train\.epochs"/);
  });
});

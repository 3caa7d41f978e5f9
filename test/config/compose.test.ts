import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { composeConfig, recompose, schemaOf, type AskedLayer } from '../../src/config/compose.ts';
import { isExpError } from '../../src/core/errors.ts';
import type { Origin } from '../../src/core/run-spec.ts';
import { compose, configOf, linesOfError, overrides, values } from '../helpers/compose.ts';

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

const file = (line: number): Origin => ({ layer: 'file', file: '/base.yaml', line });

describe('composeConfig', () => {
  test('fills in the defaults', async () => {
    const { config, input } = await compose(Training, []);

    expect(config).toEqual({ lr: 0.01, epochs: 20, net: { layers: [64], activation: 'relu' } });
    expect(input).toEqual({});
  });

  test('lets the last layer win, key by key', async () => {
    const { config, input } = await compose(Training, [
      values(Training, { lr: 1, epochs: 3, net: { layers: [8] } }),
      values(Training, { lr: 2, net: { activation: 'tanh' } }),
      overrides(Training, 'epochs=4'),
    ]);

    expect(config).toMatchObject({ lr: 2, epochs: 4, net: { layers: [8], activation: 'tanh' } });
    expect(input).toEqual({ lr: 2, epochs: 4, net: { layers: [8], activation: 'tanh' } });
  });

  test('applies a path to what lower layers made of it, and forgets what was replaced', async () => {
    const { config, origins } = await compose(Training, [
      values(Training, { net: { layers: [1, 2, 3], activation: 'tanh' } }, file(1)),
      values(Training, { 'net.layers[0]': 9 }, file(2)),
      overrides(Training, '+net.layers[3]=4', 'net.layers[-2]=7'),
    ]);
    const replaced = await compose(Training, [
      values(Training, { net: { layers: [1], activation: 'tanh' } }),
      values(Training, { 'net:': { layers: [2] } }),
    ]);

    expect(config).toMatchObject({ net: { layers: [9, 2, 7, 4], activation: 'tanh' } });
    expect(origins['net.layers']).toEqual({ layer: 'override', text: 'net.layers[-2]=7' });
    expect(replaced.config).toMatchObject({ net: { layers: [2], activation: 'relu' } });
  });

  test('forgets what all layers said of a key that is unset, below and above', async () => {
    const { config, origins } = await compose(Training, [
      values(Training, { lr: 1, net: { layers: [1], activation: 'tanh' } }),
      values(Training, { '~net': null }),
      overrides(Training, '~lr'),
    ]);

    expect(config).toEqual({ lr: 0.01, epochs: 20, net: { layers: [64], activation: 'relu' } });
    expect(origins['lr']).toEqual({ layer: 'default', text: '~lr' });
  });

  test('validates after transforms and coercions of the schema', async () => {
    const schema = z.object({
      when: z.coerce.date(),
      rate: z.string().transform((text) => Number(text) / 100),
    });

    const { config, input } = await compose(schema, [
      overrides(schema, 'when=2026-01-31', 'rate=50'),
    ]);

    expect(config).toEqual({ when: new Date('2026-01-31'), rate: 0.5 });
    expect(input).toEqual({ when: '2026-01-31', rate: '50' });
  });

  test('waits for checks that take time', async () => {
    const schema = z.object({
      file: z.string().refine((name) => Promise.resolve(name !== 'missing'), 'no such file'),
    });

    expect(await configOf(schema, 'file=a')).toEqual({ file: 'a' });
    await expect(configOf(schema, 'file=missing')).rejects.toThrow(
      'Config "file": no such file, got "missing" (override file=missing)',
    );
  });

  test('takes nothing where no config is declared', async () => {
    const assignments = values(z.object({ lr: z.number() }), { lr: 1 });

    expect(await composeConfig({ schema: undefined }, [])).toEqual({
      input: {},
      config: {},
      origins: {},
      reads: {},
    });
    await expect(composeConfig({ schema: undefined }, [assignments])).rejects.toThrow(
      'Config key "lr" is unknown: no config is declared. (code)',
    );
  });

  test('freezes the config at every depth', async () => {
    const config = (await configOf(Training, 'open={"a":{"b":[{}]}}')) as {
      net: { layers: number[] };
      open: { a: { b: object[] } };
    };

    for (const part of [config, config.net, config.net.layers, config.open.a.b[0]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  test('leaves the values it was given alone', async () => {
    const nested = { net: { layers: [1, 2] }, open: { a: [{ b: 1 }] } };

    const { config } = await compose(Training, [
      values(Training, nested),
      overrides(Training, 'net.layers[0]=7', 'open.a[0].b=2'),
    ]);
    nested.net.layers.push(3);

    expect(nested).toEqual({ net: { layers: [1, 2, 3] }, open: { a: [{ b: 1 }] } });
    expect(config).toMatchObject({ net: { layers: [7, 2] }, open: { a: [{ b: 2 }] } });
  });

  test('keeps __proto__ a key like any other, away from all prototypes', async () => {
    const { config, input } = await compose(Training, [
      overrides(Training, '+open.__proto__.polluted=1', '+weights.__proto__=2'),
    ]);

    const { open, weights } = config as { open: object; weights: object };
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.hasOwn(input['open'] as object, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(open)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(weights)).toBe(Object.prototype);
  });

  test('refuses what is no data', async () => {
    const schema = z.object({ fn: z.any() });

    expect(await linesOfError(() => compose(schema, [values(schema, { fn: () => 1 })]))).toEqual([
      'Config "fn" must be plain data, got a function. (code)',
    ]);
  });
});

describe('sections', () => {
  const Nested = z.object({
    train: z.object({ lr: z.number().default(0.1), epochs: z.int() }),
    env: z.object({ name: z.string().default('pole'), size: z.int() }).optional(),
    models: z
      .record(z.string(), z.object({ head: z.object({ width: z.int().default(4) }) }))
      .default({}),
    runs: z.array(z.object({ head: z.object({ width: z.int().default(4) }) })).default([]),
  });

  test('that nobody mentions hold their defaults, also in records and lists', async () => {
    const { config } = await compose(Nested, [
      values(Nested, { train: { epochs: 3 }, models: { a: {} }, runs: [{}] }),
    ]);

    expect(config).toEqual({
      train: { lr: 0.1, epochs: 3 },
      models: { a: { head: { width: 4 } } },
      runs: [{ head: { width: 4 } }],
    });
  });

  test('report the key that is missing inside of them', async () => {
    expect(await linesOfError(() => compose(Nested, []))).toEqual([
      'Config "train.epochs": Invalid input: expected number, received undefined',
    ]);
  });

  test('that are optional are there once a key of theirs is', async () => {
    const { config } = await compose(Nested, [overrides(Nested, 'train.epochs=1', 'env.size=2')]);

    expect(config).toMatchObject({ env: { name: 'pole', size: 2 } });
  });

  test('strict and loose ones take what they declare, and a loose one more', async () => {
    const schema = z.object({
      strict: z.strictObject({ a: z.int().default(1) }).prefault({}),
      loose: z.looseObject({ a: z.int().default(1) }).prefault({}),
    });

    expect((await compose(schema, [values(schema, { loose: { b: { c: 2 } } })])).config).toEqual({
      strict: { a: 1 },
      loose: { a: 1, b: { c: 2 } },
    });
    expect(
      await linesOfError(() => compose(schema, [values(schema, { strict: { b: 2 } })])),
    ).toEqual(['Config key "strict.b" is unknown. Known: a. (code)']);
  });
});

describe('Composed.origins', () => {
  test('names the layer and the place of every key', async () => {
    const { origins } = await compose(Training, [
      values(Training, { lr: 9, net: { activation: 'tanh', layers: [1] } }, file(3)),
      values(Training, { epochs: 3 }, { layer: 'named', name: 'big' }),
      [
        {
          operation: 'put',
          path: ['net', 'layers'],
          value: [8],
          origin: { layer: 'variant', text: 'net.layers=[8]' },
        },
      ],
      overrides(Training, 'lr=1', '+open.a=1'),
    ]);

    expect(origins).toEqual({
      lr: { layer: 'override', text: 'lr=1' },
      epochs: { layer: 'named', name: 'big' },
      'net.layers': { layer: 'variant', text: 'net.layers=[8]' },
      'net.activation': file(3),
      'open.a': { layer: 'override', text: '+open.a=1' },
    });
  });

  test('tells for each key of a section that was assigned whole', async () => {
    for (const text of ['net={"layers":[8]}', 'net:={"layers":[8]}']) {
      const { origins } = await compose(Training, [overrides(Training, text)]);

      expect(origins).toMatchObject({
        'net.layers': { layer: 'override', text },
        'net.activation': { layer: 'default' },
      });
    }
  });

  test('says of defaults and derived values where the experiment stands', async () => {
    const place = { file: '/main.ts', line: 7 };

    const { origins } = await composeConfig(
      { schema: Training, derive: { epochs: (config: { lr: number }) => config.lr * 500 }, place },
      [overrides(Training, '~lr')],
    );

    expect(origins).toMatchObject({
      'net.layers': { layer: 'default', ...place },
      epochs: { layer: 'derived', text: 'from lr', ...place },
      lr: { layer: 'default', text: '~lr' },
    });
  });
});

describe('the error of composeConfig', () => {
  test('has a line for every problem: key, expectation, value, origin', async () => {
    const lines = await linesOfError(() =>
      compose(Training, [
        values(Training, { epochs: -1 }),
        values(Training, { net: { layers: [8, -8] } }, file(4)),
        overrides(Training, 'lr=0'),
      ]),
    );

    expect(lines).toEqual([
      'Config "lr": Too small: expected number to be >0, got 0 (override lr=0)',
      'Config "epochs": Too small: expected number to be >0, got -1 (code)',
      expect.stringMatching(
        /^Config "net\.layers\[1\]": Too small: .* got -8 \(file .*base\.yaml:4\)$/,
      ),
    ]);
  });

  test('has a line for every unknown key, at any depth', async () => {
    const schema = z.object({
      net: z.object({ width: z.int().default(1) }).prefault({}),
      runs: z.array(z.object({ name: z.string() })).default([]),
      models: z.record(z.string(), z.object({ size: z.int() })).default({}),
      optimizer: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('sgd'), momentum: z.number().default(0.9) }),
          z.object({ kind: z.literal('adam'), beta: z.number().default(0.9) }),
        ])
        .default({ kind: 'sgd', momentum: 0 }),
    });
    const layer = values(
      schema,
      {
        nett: { width: 1 },
        net: { widht: 1 },
        runs: [{ name: 'a' }, { name: 'b', nam: 1 }],
        models: { a: { size: 1, colour: 2 } },
        optimizer: { kind: 'adam', momentum: 1 },
      },
      { layer: 'named', name: 'big' },
    );

    expect(await linesOfError(() => compose(schema, [layer]))).toEqual([
      'Config key "nett.width" is unknown. Did you mean "net.width"? (named config big)',
      'Config key "net.widht" is unknown. Did you mean "net.width"? (named config big)',
      'Config key "models.a.colour" is unknown. Known: size. (named config big)',
      'Config key "runs[1].nam" is unknown. Did you mean "runs[1].name"? (named config big)',
      'Config key "optimizer.momentum" does not go with optimizer.kind=adam. (named config big)',
    ]);
  });

  test('names the choice that a key does not go with, in a config that is a union', async () => {
    const schema = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('sgd'), layers: z.literal(2), momentum: z.number() }),
      z.object({ kind: z.literal('adam'), layers: z.literal(3), beta: z.number() }),
    ]);

    const lines = linesOfError(() =>
      compose(schema, [values(schema, { kind: 'sgd', layers: 2, beta: 1, bet: 1 })]),
    );

    expect(await lines).toEqual([
      'Config key "bet" is unknown. Did you mean "beta"? (code)',
      'Config key "beta" does not go with kind=sgd and layers=2. (code)',
    ]);
  });

  test.for<[title: string, type: z.ZodType, value: unknown, got: string]>([
    ['NaN', z.number(), NaN, 'got nan (code)'],
    ['infinity', z.number(), -Infinity, 'got -inf (code)'],
    ['a bigint', z.number(), 5n, 'got 5 (code)'],
    ['text', z.number(), '5', 'got "5" (code)'],
    ['null', z.number(), null, 'got null (code)'],
    ['a list', z.number(), [1, NaN], 'got [1,"nan"] (code)'],
  ])('spells out %s', async ([, type, value, got]) => {
    const schema = z.object({ lr: type });

    const [line] = await linesOfError(() => compose(schema, [values(schema, { lr: value })]));

    expect(line).toMatch(/^Config "lr": /);
    expect(line!.endsWith(got)).toBe(true);
  });

  test('names the whole config where a check is about all of it', async () => {
    const schema = z
      .object({ low: z.number().default(2), high: z.number().default(1) })
      .refine(({ low, high }) => low < high, 'low must be below high');

    const [line] = await linesOfError(() => compose(schema, []));

    expect(line).toMatch(/^Config: low must be below high/);
  });

  test('names the key that a check is about', async () => {
    const schema = z
      .object({ low: z.number().default(0), high: z.number().default(1) })
      .refine(({ low, high }) => low < high, { message: 'must be below high', path: ['low'] });

    expect(await linesOfError(() => configOf(schema, 'low=5'))).toEqual([
      'Config "low": must be below high, got 5 (override low=5)',
    ]);
  });
});

describe('a layer that is asked', () => {
  const asked = (ask: AskedLayer['ask'], name = 'grow'): AskedLayer => ({
    origin: { layer: 'hook', name },
    ask,
  });

  test('sees what all plain layers say, defaults, and derived values', async () => {
    const seen: unknown[] = [];

    await compose(
      Training,
      [
        values(Training, { lr: 1 }),
        asked((config) => {
          seen.push(structuredClone(JSON.parse(JSON.stringify(config))));
          return {};
        }),
        overrides(Training, 'net.activation=tanh'),
      ],
      { epochs: (config: { lr: number }) => config.lr * 10 },
    );

    expect(seen).toEqual([{ lr: 1, epochs: 10, net: { layers: [64], activation: 'tanh' } }]);
  });

  test('sees what those asked before it said, and wins over them', async () => {
    const { config, origins } = await compose(Training, [
      asked(() => ({ epochs: 5, lr: 1 }), 'first'),
      asked((known) => ({ epochs: (known as { epochs: number }).epochs + 1 }), 'second'),
    ]);

    expect(config).toMatchObject({ epochs: 6, lr: 1 });
    expect(origins['epochs']).toEqual({ layer: 'hook', name: 'second' });
  });

  test('loses to a layer above, and wins over one below', async () => {
    const hook = asked(() => ({ lr: 7, 'net.layers': [7] }));

    const { config } = await compose(Training, [
      values(Training, { lr: 1 }),
      hook,
      overrides(Training, 'net.layers=[9]'),
    ]);

    expect(config).toMatchObject({ lr: 7, net: { layers: [9] } });
  });

  test('cannot write to what it sees', async () => {
    const write = (config: unknown): unknown => {
      (config as { net: { layers: number[] } }).net.layers.push(1);
      return {};
    };

    await expect(compose(Training, [asked(write)])).rejects.toThrow(
      'Config "net.layers[1]" cannot be written to here. Return values.',
    );
  });

  test('is not asked while other layers are wrong, whose problems come first', async () => {
    const hook = asked(() => expect.unreachable('it was asked'));

    expect(
      await linesOfError(() => compose(Training, [hook, values(Training, { lrr: 1 })])),
    ).toEqual(['Config key "lrr" is unknown. Did you mean "lr"? (code)']);
  });
});

describe('recompose', () => {
  test('makes the same config of the input again, elsewhere', async () => {
    const { input, config } = await compose(Training, [
      overrides(Training, 'net.layers=[8,4]', '+open.a.b=1', '+weights.w=2'),
    ]);

    expect(await recompose(Training, structuredClone(input))).toEqual(config);
  });

  test('gives the input where nothing is declared, and says what is wrong with it', async () => {
    expect(await recompose(undefined, {})).toEqual({});
    const error: unknown = await recompose(Training, { lr: 'x' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isExpError(error) && error.message).toBe(
      'Config "lr": Invalid input: expected number, received string, got "x"',
    );
  });
});

test('schemaOf is that of an empty section where none is declared', () => {
  expect(schemaOf(undefined)).toEqual({ type: 'object', properties: {} });
});

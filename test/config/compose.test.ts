import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { composeConfig, schemaOf } from '../../src/config/compose.ts';
import type { Origin } from '../../src/core/run-spec.ts';
import { compose, configOf, linesOfError, overrides, values } from '../helpers/compose.ts';
import { Training } from '../helpers/training.ts';

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

test('schemaOf is that of an empty section where none is declared', () => {
  expect(schemaOf(undefined)).toEqual({ type: 'object', properties: {} });
});

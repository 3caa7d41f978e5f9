import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Origin } from '../../src/core/run-spec.ts';
import { compose, configOf, linesOfError, overrides, values } from '../helpers/compose.ts';
import { Training } from '../helpers/training.ts';

const file = (line: number): Origin => ({ layer: 'file', file: '/base.yaml', line });

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

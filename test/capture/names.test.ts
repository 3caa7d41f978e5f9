import { transformSync } from 'esbuild';
import { runInThisContext } from 'node:vm';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { Logger } from '../../src/logging/logger.ts';
import { inject } from '../../src/capture/inject.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

const Schema = z.object({
  lr: z.number(),
  train: z.object({ batchSize: z.int(), note: z.string().optional() }),
  eval: z.object({ size: z.int() }).optional(),
  weights: z.record(z.string(), z.number()).optional(),
});
const config = { lr: 0.1, train: { batchSize: 8 } };
const loose = captured as (...args: unknown[]) => () => unknown;

/** The code as a minifier leaves it: every name that it may change is changed. */
function minified<F>(source: string): F {
  const { code } = transformSync(`globalThis.f = ${source}`, { minify: true });
  return runInThisContext(`${code}; globalThis.f`) as F;
}

describe('captured(schema, names, fn)', () => {
  test('fills arguments by the names that are given', async ({ dir }) => {
    const fit = captured(Schema, ['lr', 'train.batchSize', 'train', 'logger'], (a, b, c, d) => [
      a,
      b,
      c,
      d instanceof Logger,
    ]);

    const got = await inRun(dir, config, () => [fit(), fit(1, undefined, { batchSize: 2 })]);

    expect(got).toEqual([
      [0.1, 8, { batchSize: 8 }, true],
      [1, 8, { batchSize: 2 }, true],
    ]);
  });

  test('fills minified code, rest parameters and bound functions', async ({ dir }) => {
    const short = minified<(lr: number, size: number) => number[]>(
      '(learningRate, batchSize) => [learningRate, batchSize]',
    );
    const names = ['lr', 'train.batchSize'] as const;
    const all = (...values: number[]): number[] => values;

    expect(short.toString()).not.toContain('learningRate');
    const got = await inRun(dir, config, () => [
      captured(Schema, names, short)(),
      captured(Schema, names, all)(),
      captured(Schema, names, all.bind(null))(),
    ]);
    expect(got).toEqual([
      [0.1, 8],
      [0.1, 8],
      [0.1, 8],
    ]);
  });

  test.for([
    [['lrr'], 'fit() is to get "lrr", which the config has not. Did you mean "lr"?'],
    [['lr', 'train.batchsize'], 'Did you mean "train.batchSize"?'],
    [['trian'], 'Did you mean "train"?'],
    [['loger'], 'Did you mean "logger"?'],
    [['lr.x'], 'Known: lr, train, train.batchSize,'],
  ] as const)('refuses %j where it is defined', ([names, message]) => {
    expect(() => loose(Schema, names, function fit() {})).toThrow(
      expect.objectContaining({ code: 'EXP_CAPTURE', message: expect.stringContaining(message) }),
    );
  });

  test('takes the keys of open sections, and sections', () => {
    expect(() => captured(Schema, ['weights.any', 'weights', 'eval'], () => 1)).not.toThrow();
  });

  test('gives nothing for keys that the run leaves out, unless what holds them is missing', async ({
    dir,
  }) => {
    const note = captured(Schema, ['train.note', 'eval'], (...values) => values);
    const size = captured(Schema, ['eval.size'], function sized(value) {
      return value;
    });

    expect(await inRun(dir, config, () => note())).toEqual([undefined, undefined]);
    await expect(inRun(dir, config, () => size())).rejects.toThrow('sized() needs "eval.size"');
  });
});

describe('captured(schema, fn)', () => {
  test('fills what the parameter is taken apart into', async ({ dir }) => {
    const fit = captured(Schema, ({ lr, 'train.batchSize': size, train: { note } }) => [
      lr,
      size,
      note,
    ]);

    expect(await inRun(dir, config, () => [fit(), fit({ lr: 2 })])).toEqual([
      [0.1, 8, undefined],
      [2, 8, undefined],
    ]);
  });

  test('fills minified code', async ({ dir }) => {
    const fn = minified<(values: { lr: number }) => unknown>(
      '({ lr, train: { batchSize }, momentum = 0.9 }) => [lr, batchSize, momentum]',
    );

    expect(await inRun(dir, config, () => captured(fn as () => unknown)())).toEqual([0.1, 8, 0.9]);
    expect(() => captured(Schema, fn)).toThrow('is to get "momentum", which the config has not');
  });

  test.for([
    ['a misspelt name', ({ lrr }: any) => lrr as unknown, 'is to get "lrr"'],
    ['a parameter in one piece', (all: any) => all as unknown, 'must take its one parameter apart'],
    ['two parameters', ({ lr }: any, x: number) => [lr, x], 'must take its one parameter apart'],
  ] as const)('refuses %s', ([, fn, message]) => {
    expect(() => loose(Schema, fn)).toThrow(message);
  });
});

describe('captured(options, fn)', () => {
  test('takes names, prefixes and a name', async ({ dir }) => {
    const options = { names: [undefined, 'batchSize'], prefixes: ['train'], name: 'Model.fit' };
    const fit = captured(options, (step: number, b: number = inject()) => [step, b]);
    const bad = captured({ ...options, names: ['x'] }, (b: number = inject()) => b);

    expect(await inRun(dir, config, () => fit(3))).toEqual([3, 8]);
    await expect(inRun(dir, config, () => bad())).rejects.toThrow('Model.fit() needs "x"');
  });

  test.for([
    [[{ prefix: ['train'] }, () => 1], 'has no option "prefix". Did you mean "prefixes"?'],
    [[{ nam: 'x' }], 'has no option "nam". Did you mean "name"?'],
    [[Schema], 'captured(schema, ...) takes a function'],
    [[Schema, ['lr']], 'captured(schema, ...) takes a function'],
  ] as const)('refuses %j', ([args, message]) => {
    expect(() => loose(...args)).toThrow(
      expect.objectContaining({ code: 'EXP_DECORATOR', message: expect.stringContaining(message) }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { captured } from '../../src/decorators/captured.ts';
import { capture, type CaptureOptions } from '../../src/capture/capture.ts';
import { functionDefaults, type FunctionDefault } from '../../src/capture/function-defaults.ts';
import { inject } from '../../src/capture/inject.ts';

/** What is known of the defaults of a function, once it is captured. */
function defaultsOf(fn: (...args: never[]) => unknown, options: CaptureOptions): FunctionDefault[] {
  capture(fn, options);
  return functionDefaults().filter(({ name }) => name === options.name);
}

describe('functionDefaults', () => {
  test.for<[name: string, fn: (...args: any[]) => unknown, shown: Record<string, unknown>]>([
    [
      'numbers',
      (lr: number, momentum = 0.9, decay = -1e-3) => [lr, momentum, decay],
      { 'momentum = 0.9': 0.9, 'decay = -1e-3': -1e-3 },
    ],
    ['texts', (kind = 'a, b)') => kind, { 'kind = "a, b)"': 'a, b)' }],
    [
      'lists and objects',
      (a = [1, [2]], b = { x: 1 }) => [a, b],
      { 'a = [1, [2]]': [1, [2]], 'b = { x: 1 }': { x: 1 } },
    ],
    ['no literal', (n = 2 * 3) => n, { 'n = 2 * 3': undefined }],
    [
      'members',
      ({ lr = 0.1, size: s = 3, x }: any, y = 2) => [lr, s, x, y],
      { 'lr = 0.1': 0.1, 'size = 3': 3, 'y = 2': 2 },
    ],
    [
      'what the run gives',
      (lr = inject(), rng = 1, seed = 2, { logger = 1 } = {} as any) => [lr, rng, seed, logger],
      {},
    ],
  ])('knows %s', ([name, fn, shown]) => {
    const known = defaultsOf(fn, { name });

    expect(Object.fromEntries(known.map(({ text, value }) => [text, value]))).toEqual(shown);
  });

  test.for<[prefixes: string[], keys: string[]]>([
    [[], ['momentum', 'name']],
    [['train'], ['train.momentum', 'train.name']],
    [
      ['train', 'env.name'],
      ['train.momentum', 'env.name'],
    ],
    [
      ['train', 'eval'],
      ['train.momentum', 'eval.momentum', 'train.name', 'eval.name'],
    ],
  ])('gives the keys with the prefixes %j', ([prefixes, keys]) => {
    const label = `prefixed-${prefixes.join()}`;
    const known = defaultsOf((momentum = 0.9, name = 'x') => [momentum, name], {
      name: label,
      prefixes,
    });

    expect(known.map(({ key }) => key)).toEqual(keys);
  });

  test('gives the names that were given', () => {
    const known = defaultsOf((a = 0.9) => a, { name: 'renamed', names: ['momentum'] });

    expect(known).toMatchObject([{ key: 'momentum', text: 'momentum = 0.9', value: 0.9 }]);
  });

  test('says where the function is captured', () => {
    const [known] = defaultsOf((momentum = 0.9) => momentum, { name: 'placed' });

    expect(known!.place).toEqual({ file: import.meta.filename, line: expect.any(Number) });
  });

  test('knows a function once that is captured again and again', () => {
    const before = functionDefaults().length;

    for (let i = 0; i < 50; i++)
      captured(function repeated(momentum = 0.9) {
        return momentum + i;
      });

    expect(functionDefaults().length).toBe(before + 1);
  });
});

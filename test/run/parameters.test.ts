import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parametersOf } from '../../src/run/parameters.ts';

const Config = z.object({
  lr: z.number().positive().max(1).describe('learning rate'),
  optimizer: z.enum(['sgd', 'adam']),
  epochs: z.int(),
  net: z.object({ layers: z.array(z.int()), on: z.boolean() }),
  momentum: z.number().nullable(),
});
const schema = z.toJSONSchema(Config) as never;
const config = {
  lr: 0.1,
  optimizer: 'sgd',
  epochs: 3,
  net: { layers: [64, 32], on: true },
  momentum: null,
};

describe('parametersOf', () => {
  test('has every key with its value and what the schema says; a list is its text', () => {
    expect(parametersOf(config, schema)).toEqual([
      { key: 'lr', value: 0.1, description: 'learning rate', minimum: 0, maximum: 1 },
      { key: 'optimizer', value: 'sgd', choices: ['sgd', 'adam'] },
      { key: 'epochs', value: 3 },
      { key: 'net.layers', value: '[64,32]' },
      { key: 'net.on', value: true },
      { key: 'momentum', value: null },
    ]);
  });

  test('knows the keys that a sweep varies, and those of a section that it varies', () => {
    const swept = parametersOf(config, undefined, ['lr', 'net']).filter(({ isSwept }) => isSwept);

    expect(swept.map(({ key }) => key)).toEqual(['lr', 'net.layers', 'net.on']);
  });
});

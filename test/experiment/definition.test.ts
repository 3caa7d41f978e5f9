import { describe, expect } from 'vitest';
import { z } from 'zod';
import { keysOf } from '../../src/sweep/sample.ts';
import { definitionOf } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

describe('define', () => {
  test.for<[options: object, message: string]>([
    [{ derive: { hh: () => 1 } }, 'the config has no key "hh".'],
    [{ derive: { h: 5 } }, 'derive: "h" must be a function.'],
    [
      { derive: { 'list[0]': () => 1 } },
      'derive: "list[0]" is an item of a list. Derive the whole list.',
    ],
    [{ hooks: [{ a: 1 }] }, 'a config hook must be a function, got {"a":1}.'],
    [{ configs: { big: 5 } }, 'the config "big" must be an object or a function, got 5.'],
    [{ configs: { 'a b': {} } }, '"a b" cannot name a config.'],
    [{ sweep: { 'a.b': [1] } }, 'the config has no key "a.b".'],
    [{ config: z.object({ with: z.int() }) }, '"with" cannot be a config key'],
    [{ config: z.object({ extends: z.int() }) }, '"extends" cannot be a config key'],
  ])('refuses %j', ([options, message]) => {
    expect(() => definitionOf(options)).toThrow(
      expect.objectContaining({
        code: 'EXP_EXPERIMENT',
        message: expect.stringContaining(`experiment("planned"): ${message}`),
      }),
    );
  });

  test('takes keys of sections, lists, records and open sections', () => {
    const config = z.object({
      list: z.array(z.object({ n: z.int() })),
      models: z.record(z.string(), z.object({ size: z.int() })),
      open: z.looseObject({}),
    });
    const sweep = { 'list[0].n': [1], 'models["gpt-4.1"].size': [1], 'open.any.thing': [1] };

    const { swept } = definitionOf({ config, sweep } as never).sweep;
    expect(swept.flatMap(keysOf)).toEqual(Object.keys(sweep));
  });
});

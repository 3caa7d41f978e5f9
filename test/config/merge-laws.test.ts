import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Assignment } from '../../src/config/assignment.ts';
import { schemaOf } from '../../src/config/compose.ts';
import { isWithin, pathText } from '../../src/config/path.ts';
import { exactValues } from '../../src/config/saved.ts';
import { compose, overrides, values } from '../helpers/compose.ts';

const Config = z.object({
  a: z.number().default(1),
  b: z.string().nullable().default('b'),
  list: z.array(z.number()).default([1, 2]),
  net: z
    .object({
      x: z.number().default(1),
      y: z.object({ z: z.number().default(2), w: z.string().optional() }).prefault({}),
    })
    .prefault({}),
  def: z.object({ p: z.number().default(1), q: z.number().default(2) }).default({ p: 8, q: 9 }),
  maybe: z
    .object({ k: z.number().default(1) })
    .nullable()
    .default(null),
  opt: z.object({ k: z.number().default(1) }).optional(),
  rec: z.record(z.string(), z.number()).default({ r: 1 }),
  open: z.looseObject({ known: z.number().default(3) }).prefault({}),
});

const number = fc.integer({ min: -9, max: 9 });
const key = fc.constantFrom('r', 's', 't.u', '~v');
const given = fc.record(
  {
    a: number,
    b: fc.option(fc.constantFrom('x', 'y')),
    list: fc.array(number, { maxLength: 3 }),
    net: fc.record(
      { x: number, y: fc.record({ z: number, w: fc.constant('w') }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
    def: fc.record({ p: number, q: number }, { requiredKeys: [] }),
    maybe: fc.option(fc.record({ k: number }, { requiredKeys: [] })),
    opt: fc.record({ k: number }, { requiredKeys: [] }),
    rec: fc.dictionary(key, number, { maxKeys: 3 }),
    open: fc.dictionary(key, number, { maxKeys: 3 }),
  },
  { requiredKeys: [] },
);
const layer = given.map((nested) => values(Config, nested));
const layers = fc.array(layer, { maxLength: 3 });

/** Assignments that have nothing to do with each other, in any order. */
const disjoint = layer
  .map((all) => all.filter((one, i) => all.every((other, j) => i === j || !related(one, other))))
  .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));

function related(one: Assignment, other: Assignment): boolean {
  return isWithin(one.path, other.path) || isWithin(other.path, one.path);
}

describe('layers', () => {
  test('win over those below: what the last one says is in the config', async () => {
    await fc.assert(
      fc.asyncProperty(layers, given, async (below, nested) => {
        const last = values(Config, nested, { layer: 'override' });
        const { input, origins } = await compose(Config, [...below, last]);
        for (const { path, value } of last) {
          const found = path.reduce<unknown>((at, name) => (at as never)[name], input);
          if (JSON.stringify(value) !== '{}') expect(found).toEqual(value);
          else expect(found).toBeTypeOf('object');
          if (JSON.stringify(value) !== '{}') {
            expect(origins[pathText(path)]).toEqual({ layer: 'override' });
          }
        }
      }),
    );
  });

  test('that are empty change nothing, wherever they stand', async () => {
    await fc.assert(
      fc.asyncProperty(layers, fc.nat(3), async (all, at) => {
        const { config, origins } = await compose(Config, all);

        const more = await compose(Config, [...all.slice(0, at), [], ...all.slice(at)]);

        expect(more.config).toEqual(config);
        expect(more.origins).toEqual(origins);
      }),
    );
  });

  test('may be joined to one, or split, as long as their order stays', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (all) => {
        const { config } = await compose(Config, all);

        expect((await compose(Config, [all.flat()])).config).toEqual(config);
        expect(
          (
            await compose(
              Config,
              all.flat().map((one) => [one]),
            )
          ).config,
        ).toEqual(config);
      }),
    );
  });

  test('repeated change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (all) => {
        const { config } = await compose(Config, all);

        expect((await compose(Config, [...all, ...all.slice(-1)])).config).toEqual(config);
      }),
    );
  });

  test('give the same config in any order where they say nothing of the same keys', async () => {
    await fc.assert(
      fc.asyncProperty(disjoint, async ([one, other]) => {
        const first = await compose(Config, [one]);
        const second = await compose(Config, [other]);

        expect(second.config).toEqual(first.config);
        expect(second.origins).toEqual(first.origins);
      }),
    );
  });
});

describe('the input of a composed config', () => {
  test('composes to the same config, and to the same input', async () => {
    await fc.assert(
      fc.asyncProperty(layers, async (all) => {
        const { input, config } = await compose(Config, all);

        const again = await compose(Config, [values(Config, exactValues(input, schemaOf(Config)))]);

        expect(again.config).toEqual(config);
        expect(again.input).toEqual(input);
      }),
    );
  });
});

describe('a key that is unset', () => {
  const KEYS = ['a', 'b', 'list', 'net', 'net.x', 'net.y', 'net.y.z', 'def', 'def.p', 'maybe'];

  test('is as if no layer had set it or what is below it', async () => {
    await fc.assert(
      fc.asyncProperty(layers, fc.constantFrom(...KEYS, 'opt', 'rec'), async (all, name) => {
        const path = name.split('.');
        const never = all.map((one) => one.filter((set) => !isWithin(set.path, path)));

        const unset = await compose(Config, [...all, overrides(Config, `~${name}`)]);

        expect(unset.config).toEqual((await compose(Config, never)).config);
      }),
    );
  });

  test('may be set again', async () => {
    await fc.assert(
      fc.asyncProperty(layers, number, async (all, n) => {
        const set = await compose(Config, [...all, overrides(Config, '~net', `net.x=${n}`)]);

        expect(set.config).toMatchObject({ net: { x: n, y: { z: 2 } } });
      }),
    );
  });
});

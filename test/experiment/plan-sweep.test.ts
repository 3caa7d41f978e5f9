import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { RunSpec } from '../../src/core/run-spec.ts';
import { planSweep, type PlannedSweep } from '../../src/experiment/plan.ts';
import { variantNames } from '../../src/sweep/variant-names.ts';
import { Config, definitionOf, definitionWith } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

describe('a sweep', () => {
  const seedsOf = (runs: readonly RunSpec[], variantIndex: number): number[] =>
    runs.filter((run) => run.sweep!.variantIndex === variantIndex).map((run) => run.seed);

  test('gives repeat r of every variant the same seed, and different ones to repeats', async () => {
    const { runs } = await planSweep(definitionOf({ sweep: { a: [1, 2, 3] } }), {
      root: '/r',
      repeats: 3,
      seed: 5,
    });

    const [first, ...others] = [0, 1, 2].map((index) => seedsOf(runs, index));
    expect(others).toEqual([first, first]);
    expect(first![0]).toBe(5);
    expect(new Set(first).size).toBe(3);
  });

  test('may be nothing but repeats of one config', async () => {
    const { runs, keys } = await planSweep(definitionOf(), { root: '/r', repeats: 3, seed: 5 });

    expect(keys).toEqual([]);
    expect(runs.map(({ sweep }) => sweep)).toMatchObject(
      [0, 1, 2].map((repeat) => ({ variant: {}, variantIndex: 0, repeat })),
    );
    expect(new Set(runs.map(({ seed }) => seed)).size).toBe(3);
    await expect(planSweep(definitionOf(), { root: '/r', repeats: 1 })).rejects.toThrow(
      'declares no sweep. Write one on the line: --sweep key=value,value, or run it several times: --repeats 5.',
    );
  });

  test('names its runs as --dry-run names its variants', async () => {
    const values = fc.uniqueArray(fc.oneof(fc.string(), fc.string({ minLength: 90 })), {
      minLength: 1,
      maxLength: 8,
    });
    const text = definitionWith(z.object({ name: z.string().default('') }));
    await fc.assert(
      fc.asyncProperty(values, async (name) => {
        const overrides = [`name=choice(${name.map((one) => JSON.stringify(one)).join()})`];

        const { runs } = await planSweep(text, { root: '/r', overrides });

        const names = variantNames(runs.map(({ sweep }) => sweep!.variant));
        const labels = runs.map(({ id }) => id.split('_').slice(1, -1).join('_'));
        expect(labels).toEqual(names);
        expect(new Set(labels.map((label) => label.toLowerCase())).size).toBe(name.length);
        for (const { id } of runs) expect(id).toMatch(/^[A-Za-z0-9.+_=-]{1,200}$/);
      }),
    );
  });

  test('shuffles values by its seed', async () => {
    const orderOf = async (seed: number): Promise<unknown[]> => {
      const request = { root: '/r', overrides: ['a=shuffle(range(20))'], seed };
      const { runs } = await planSweep(definitionOf(), request);
      return runs.map(({ sweep }) => sweep!.variant['a']);
    };

    expect(await orderOf(1)).toEqual(await orderOf(1));
    expect(await orderOf(1)).not.toEqual(await orderOf(2));
    expect(new Set(await orderOf(1))).toEqual(new Set(Array.from({ length: 20 }, (_, i) => i)));
  });

  test('chooses among the values of an enum by patterns', async () => {
    const optimizer = z.enum(['adam', 'adamw', 'sgd']).default('sgd');
    const definition = definitionWith(z.object({ optimizer, lr: z.number().default(1) }));
    const sweep = (text: string) => planSweep(definition, { root: '/r', overrides: [text] });

    const { runs } = await sweep('optimizer=glob(*, exclude=sgd)');

    expect(runs.map(({ sweep }) => sweep!.variant)).toEqual([
      { optimizer: 'adam' },
      { optimizer: 'adamw' },
    ]);
    await expect(sweep('lr=glob(*)')).rejects.toThrow('and "lr" is none. List its values.');
    await expect(sweep('optimizer=glob(x*)')).rejects.toThrow('none of adam, adamw, sgd');
  });

  test('may vary the seed', async () => {
    const { runs } = await planSweep(definitionOf(), { root: '/r', overrides: ['seed=3,4'] });

    expect(runs.map((run) => run.seed)).toEqual([3, 4]);
    expect(runs[1]!.origins['seed']).toEqual({ layer: 'variant', text: 'seed=4' });
  });

  test('varies items of lists, sections and new keys of open ones', async () => {
    const open = definitionWith(Config.extend({ open: z.looseObject({}).prefault({}) }), {
      sweep: { 'list[0]': [7, 8] },
    });

    const items = await planSweep(open, { root: '/r' });
    const sections = await planSweep(open, { root: '/r', overrides: ['net={"x":5},{"y":6}'] });
    const added = await planSweep(open, { root: '/r', overrides: ['+open.new=1,2'] });

    expect(items.runs.map((run) => run.config)).toMatchObject([{ list: [7] }, { list: [8] }]);
    expect(sections.runs.map((run) => run.config)).toMatchObject([
      { net: { x: 5, y: 2 } },
      { net: { x: 1, y: 6 } },
    ]);
    expect(added.runs.map((run) => run.config)).toMatchObject([
      { open: { new: 1 } },
      { open: { new: 2 } },
    ]);
  });

  test('does not vary what the line sets, replaces or unsets', async () => {
    const definition = definitionOf({ sweep: { a: [1, 2], 'net.x': [3, 4] } });
    for (const override of ['net.x=9', 'net:={"y":1}', '~net']) {
      const { runs, notes, keys } = await planSweep(definition, {
        root: '/r',
        overrides: [override],
      });

      expect(runs).toHaveLength(2);
      expect(keys).toEqual(['a']);
      expect(notes).toEqual(['net.x is not swept: an override sets it.']);
    }
  });

  test('draws points from intervals, integers for integer keys, the same ones from one seed', async () => {
    const definition = definitionWith(Config.extend({ lr: z.number().default(1) }));
    const request = {
      root: '/r',
      overrides: ['lr=tag(log,interval(1e-4,1))', 'b=1,2', 'a=interval(1,100)'],
      samples: 3,
      seed: 5,
    };

    const [first, again] = [
      await planSweep(definition, request),
      await planSweep(definition, request),
    ];
    const more = await planSweep(definition, { ...request, samples: 4 });
    const other = await planSweep(definition, { ...request, seed: 6 });

    const variantsOf = ({ runs }: PlannedSweep): unknown[] => runs.map((run) => run.sweep!.variant);
    expect(first.keys).toEqual(['lr', 'a', 'b']);
    expect(variantsOf(first)).toEqual([
      { lr: 0.0587007, a: 79, b: 1 },
      { lr: 0.0587007, a: 79, b: 2 },
      { lr: 0.0207687, a: 21, b: 1 },
      { lr: 0.0207687, a: 21, b: 2 },
      { lr: 0.00066206, a: 71, b: 1 },
      { lr: 0.00066206, a: 71, b: 2 },
    ]);
    expect(first.runs.map(({ config }) => config)).toMatchObject(variantsOf(first));
    expect(variantsOf(again)).toEqual(variantsOf(first));
    expect(variantsOf(more).slice(0, 6)).toEqual(variantsOf(first));
    expect(variantsOf(other)).not.toEqual(variantsOf(first));
  });

  test('says which random seed it depends on', async () => {
    const seedOf = async (overrides: string[], seed?: number): Promise<number | undefined> => {
      const samples = overrides.some((text) => text.includes('interval')) ? { samples: 2 } : {};
      const given = seed === undefined ? {} : { seed };
      const request = { root: '/r', overrides, ...samples, ...given };
      return (await planSweep(definitionOf(), request)).randomSeed;
    };

    expect(await seedOf(['a=1,2'])).toEqual(expect.any(Number));
    expect(await seedOf(['a=1,2'], 3)).toBeUndefined();
    expect(await seedOf(['seed=1,2'])).toBeUndefined();
    expect(await seedOf(['seed=1,2', 'a=interval(1,9)'])).toEqual(expect.any(Number));
  });

  test.for<[overrides: string[], samples: number | undefined, message: string]>([
    [['a=interval(0,9)'], undefined, 'Say how many random points to try: --samples 20.'],
    [['a=1,2'], 3, '--samples draws points from intervals, and no key has one.'],
    [['a=interval(0,2)'], 4, 'Found only 3 different points in a=tag(int,interval(0,2)), not 4.'],
    [['list=interval(0,2)'], 4, '"list" cannot be drawn from an interval: it must be integer[]'],
    [['a=interval(0.2,0.8)'], 1, 'is an empty interval: there is no whole number in it.'],
    [['lst=interval(0,2)'], 4, 'Config key "lst" is unknown. Did you mean "list"?'],
  ])('refuses %j with %s samples', async ([overrides, samples, message]) => {
    const request = { root: '/r', overrides, ...(samples !== undefined && { samples }) };

    await expect(planSweep(definitionOf(), request)).rejects.toThrow(message);
  });

  test('is refused as a whole where one of its configs is wrong', async ({ dir }) => {
    const definition = definitionWith(
      Config.refine(({ a, b }) => a + b < 4, 'too much'),
      {
        sweep: { a: [1, 2], b: [1, 2] },
      },
    );

    await expect(planSweep(definition, { root: dir })).rejects.toThrow('Config: too much');
    expect(readdirSync(dir)).toEqual([]);
  });
});

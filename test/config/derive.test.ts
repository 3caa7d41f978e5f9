import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { compose, linesOfError, overrides, values } from '../helpers/compose.ts';

const Config = z.object({
  epochs: z.int().default(20),
  warmup: z.number().optional(),
  half: z.number().optional(),
  steps: z.number().default(Infinity),
  net: z.object({ width: z.int().default(3), depth: z.number().optional() }).prefault({}),
  sched: z.object({ from: z.number().default(0), to: z.number().default(1) }).optional(),
  layers: z.array(z.object({ n: z.int(), k: z.int().default(2) })).default([{ n: 1, k: 2 }]),
  weights: z.record(z.string(), z.number()).default({}),
});
type Config = z.infer<typeof Config>;
const derive = {
  half: (config: Config) => config.warmup! / 2,
  warmup: (config: Config) => config.epochs / 10,
  'net.depth': (config: Config) => config.net.width + config.half!,
};

describe('derived values', () => {
  test('follow each other in any order of declaration, and say what they were made from', async () => {
    for (const shuffled of [derive, Object.fromEntries(Object.entries(derive).toReversed())]) {
      const { config, origins } = await compose(Config, [], shuffled);

      expect(config).toMatchObject({ warmup: 2, half: 1, net: { width: 3, depth: 4 } });
      expect(origins).toMatchObject({
        warmup: { layer: 'derived', text: 'from epochs' },
        half: { layer: 'derived', text: 'from warmup' },
        'net.depth': { layer: 'derived', text: 'from net.width, half' },
      });
    }
  });

  test('follow an override from any layer', async () => {
    const hook = { origin: { layer: 'hook' }, ask: () => ({ epochs: 100 }) } as const;
    for (const layer of [hook, values(Config, { epochs: 100 }), overrides(Config, 'epochs=100')]) {
      const { config } = await compose(Config, [layer], derive);

      expect(config).toMatchObject({ warmup: 10, half: 5, net: { depth: 8 } });
    }
  });

  test('stay behind what is set, by any layer, and come back when that is unset', async () => {
    const hook = { origin: { layer: 'hook' }, ask: () => ({ warmup: 7 }) } as const;

    const set = await compose(Config, [hook], derive);
    const unset = await compose(Config, [overrides(Config, 'warmup=7', '~warmup')], derive);

    expect(set.config).toMatchObject({ warmup: 7, half: 3.5 });
    expect(set.origins['warmup']).toEqual({ layer: 'hook' });
    expect(unset.config).toMatchObject({ warmup: 2, half: 1 });
  });

  test('win over the default of the schema', async () => {
    const { config, origins } = await compose(Config, [], { epochs: () => 3 });

    expect(config).toMatchObject({ epochs: 3 });
    expect(origins['epochs']).toEqual({ layer: 'derived' });
  });

  test('see infinite defaults, the defaults of items, and lists as lists', async () => {
    const { config } = await compose(Config, [values(Config, { layers: [{ n: 1 }, { n: 2 }] })], {
      half: (known: Config) => (known.steps === Infinity ? 1 : 0),
      warmup: (known: Config) => known.layers.map(({ n, k }) => n * k).reduce((a, b) => a + b),
    });

    expect(config).toMatchObject({ half: 1, warmup: 6 });
  });

  test('may be new keys of an open section', async () => {
    const { config } = await compose(Config, [], {
      'weights.first': (known: Config) => known.epochs,
    });

    expect(config).toMatchObject({ weights: { first: 20 } });
  });

  test('are none of a section that is left out', async () => {
    const rules = { 'sched.to': (known: Config) => known.epochs };

    expect((await compose(Config, [], rules)).config).not.toHaveProperty('sched');
    expect((await compose(Config, [overrides(Config, 'sched={}')], rules)).config).toMatchObject({
      sched: { from: 0, to: 20 },
    });
  });

  test('may be whole sections, of which what is set stays', async () => {
    const rules = {
      sched: (known: Config) => ({ from: known.epochs, to: known.epochs * 2 }),
      half: (known: Config) => known.sched!.to,
    };

    const { config, origins } = await compose(Config, [overrides(Config, 'sched.to=5')], rules);

    expect(config).toMatchObject({ sched: { from: 20, to: 5 }, half: 5 });
    expect(origins).toMatchObject({
      'sched.from': { layer: 'derived', text: 'from epochs' },
      'sched.to': { layer: 'override' },
    });
  });

  test('that are undefined leave the key to its default', async () => {
    const { config, origins } = await compose(Config, [], { epochs: () => undefined });

    expect(config).toMatchObject({ epochs: 20 });
    expect(origins['epochs']).toEqual({ layer: 'default' });
  });

  test('of NaN are values', async () => {
    const schema = z.object({ x: z.nan().optional() });

    expect((await compose(schema, [], { x: () => NaN })).config).toEqual({ x: NaN });
  });

  test('in any number depend on each other without regard to order', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const schema = z.object(Object.fromEntries(names.map((name) => [name, z.number().default(1)])));
    // each but the first is the sum of those before it, plus one
    const rules = names
      .slice(1)
      .map((name, i): [string, (c: Record<string, number>) => number] => [
        name,
        (known) => names.slice(0, i + 1).reduce((sum, one) => sum + known[one]!, 1),
      ]);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(rules, { minLength: rules.length }),
        async (shuffled) => {
          const { config } = await compose(schema, [], Object.fromEntries(shuffled));
          expect(config).toEqual({ a: 1, b: 2, c: 4, d: 8, e: 16 });
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('derived values that cannot be', () => {
  test.for<[title: string, rules: Record<string, (config: Config) => unknown>, line: string]>([
    [
      'name the circle they run in',
      { half: (c) => c.warmup, warmup: (c) => c.net.depth, 'net.depth': (c) => c.half },
      'Config values are derived in a circle: "half" → "warmup" → "net.depth" → "half".',
    ],
    [
      'name themselves',
      { half: (c) => (c.half ?? 0) + 1 },
      'Config values are derived in a circle: "half" → "half".',
    ],
    [
      'say that their function failed',
      {
        half: () => {
          throw new Error('too odd');
        },
      },
      'Config "half" cannot be derived: too odd',
    ],
    [
      'say what was expected',
      { half: (c) => `${c.epochs}` },
      'Config "half": Invalid input: expected number, received string, got "20" (derived from epochs)',
    ],
    [
      'have unknown keys in them',
      { sched: () => ({ form: 1 }) },
      'Config key "sched.form" is unknown. Did you mean "sched.from"? (derived)',
    ],
    [
      'take their time',
      { half: () => Promise.resolve(1) },
      'Config "half" must be plain data, got [object Promise]. (derived)',
    ],
    [
      'write to the config',
      {
        half: (c) => {
          c.net.width = 3;
          return 1;
        },
      },
      'Config "net.width" cannot be written to here. Return values.',
    ],
  ])('%s', async ([, rules, line]) => {
    expect(await linesOfError(() => compose(Config, [], rules))).toEqual([line]);
  });

  test('are not the fault where what they were derived from is wrong', async () => {
    const rules = { half: (c: Config) => (c.net.width as unknown as { no: () => number }).no() };

    expect(
      await linesOfError(() => compose(Config, [values(Config, { net: { width: 'x' } })], rules)),
    ).toEqual([
      'Config "net.width": Invalid input: expected number, received string, got "x" (code)',
    ]);
  });
});

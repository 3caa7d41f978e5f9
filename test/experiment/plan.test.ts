import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { exactValues } from '../../src/config/saved.ts';
import { schemaOf } from '../../src/config/compose.ts';
import type { EarlierConfig, RunSpec } from '../../src/core/run-spec.ts';
import { earlierConfig } from '../../src/experiment/earlier-config.ts';
import {
  define,
  type Definition,
  type ExperimentOptions,
} from '../../src/experiment/definition.ts';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { planRun, planSweep } from '../../src/experiment/plan.ts';
import { resolveConfig } from '../../src/experiment/resolve.ts';
import { configFileText } from '../../src/experiment/saved-config.ts';
import { StoredRun } from '../../src/store/stored-run.ts';
import { linesOfError } from '../helpers/compose.ts';
import { test } from '../helpers/temp-dir.ts';

const Config = z.object({
  a: z.int().default(0),
  b: z.int().default(0),
  c: z.int().default(0),
  d: z.int().default(0),
  e: z.int().default(0),
  f: z.int().default(0),
  g: z.int().default(0),
  h: z.int().optional(),
  list: z.array(z.int()).default([1]),
  net: z.object({ x: z.int().default(1), y: z.int().default(2) }).prefault({}),
});
type Config = z.infer<typeof Config>;

function definitionOf<C = Config>(options: Partial<ExperimentOptions<C>> = {}): Definition {
  const all = { name: 'planned', config: Config, sinks: [], ...options };
  return define('experiment("planned")', all as never, new Map([['main', () => undefined]]));
}

const here = expect.stringMatching(/plan\.test\.ts$/) as unknown as string;
const place = { file: here, line: expect.any(Number) as number };

describe('the layers of one run', () => {
  test('each win over those below, and every key knows where its value is from', async ({
    dir,
  }) => {
    const file = join(dir, 'base.yaml');
    writeFileSync(file, '# a file\nc: 3\nd: 3\ne: 3\nf: 3\ng: 3\nnet:\n  y: 3\n');
    const from: EarlierConfig = {
      id: 'run-1',
      experiment: 'planned',
      seed: 11,
      config: { b: 2, c: 2, d: 2, e: 2, f: 2, g: 2 },
    };
    const definition = definitionOf<Config>({
      hooks: [
        function grow() {
          return { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1 };
        },
      ],
      configs: { big: { d: 4, e: 4, f: 4, g: 4 } },
      derive: { h: (config) => config.a * 100 },
    });

    const { runs } = await planSweep(definition, {
      root: dir,
      from,
      with: ['big', file],
      values: { f: 6, g: 6 },
      valuesOrigin: { layer: 'api', file: '/main.ts', line: 9 },
      overrides: ['e=5,50', 'g=7', '+list[1]=2'],
    });
    const { config, origins, seed } = runs[0]!;

    expect(config).toMatchObject({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 100 });
    expect(origins).toEqual({
      a: { layer: 'hook', name: 'grow', ...place },
      b: { layer: 'run', name: 'run-1' },
      c: { layer: 'file', file, line: 2 },
      d: { layer: 'named', name: 'big', ...place },
      e: { layer: 'variant', text: 'e=5' },
      f: { layer: 'api', file: '/main.ts', line: 9 },
      g: { layer: 'override', text: 'g=7' },
      h: { layer: 'derived', text: 'from a', ...place },
      list: { layer: 'override', text: '+list[1]=2' },
      'net.x': { layer: 'default', ...place },
      'net.y': { layer: 'file', file, line: 8 },
      seed: { layer: 'run', name: 'run-1' },
    });
    expect(seed).toBe(11);
  });

  test('are printed with what they change of the defaults, and nothing is created', async ({
    dir,
  }) => {
    const { configs } = await resolveConfig(
      definitionOf(),
      { root: dir, overrides: ['a=1', '+list[1]=2'] },
      false,
    );

    const keys = new Map(configs[0]!.keys.map((key) => [key.key, key]));
    expect(keys.get('a')).toMatchObject({ value: 1, default: 0, change: 'modified' });
    expect(keys.get('list')).toMatchObject({ value: [1, 2], default: [1], change: 'modified' });
    expect(keys.get('b')).not.toHaveProperty('change');
    expect(keys.get('seed')).toMatchObject({ value: 'random' });
    expect(readdirSync(dir)).toEqual([]);
  });

  test('name every mistake on the line at once', async ({ dir }) => {
    const plan = () =>
      planRun(definitionOf(), { root: dir, overrides: ['aa=1', 'b=x', 'net.z=1'] });

    expect(await linesOfError(plan)).toEqual([
      expect.stringContaining('Config key "aa" is unknown.'),
      'Config "b" must be integer, got "x".',
      'Config key "net.z" is unknown. Known: x, y.',
    ]);
  });

  test.for([5, [1], 'text', new (class Values {})()])('take no values like %j', async (given) => {
    await expect(planRun(definitionOf(), { root: '/r', values: given })).rejects.toThrow(
      'Config values must be an object, got ',
    );
  });
});

describe('the root seed', () => {
  const Seeded = Config.extend({ seed: z.int().default(42) });
  const from: EarlierConfig = { id: 'run-1', experiment: 'planned', seed: 11, config: {} };
  const configs = { one: { seed: 21 }, other: { a: 1 } } as never;

  test('is that of the highest layer', async ({ dir }) => {
    const file = join(dir, 'seed.yaml');
    writeFileSync(file, '\nseed: 31\n');
    const unset = join(dir, 'unset.yaml');
    writeFileSync(unset, 'extends: seed.yaml\n~seed:\n');
    const request = { root: dir, from, with: ['one', file], values: { seed: 5 } };
    const cases: [request: object, origin: object][] = [
      [
        { ...request, seed: 7, overrides: [] },
        { layer: 'override', text: '--seed 7' },
      ],
      [
        { ...request, overrides: ['seed=8'] },
        { layer: 'override', text: 'seed=8' },
      ],
      [
        { ...request, overrides: ['seed=8', 'seed=9'] },
        { layer: 'override', text: 'seed=9' },
      ],
      [
        { ...request, overrides: ['seed:=8'] },
        { layer: 'override', text: 'seed:=8' },
      ],
      [request, { layer: 'api' }],
      [
        { ...request, values: {} },
        { layer: 'named', name: 'one', ...place },
      ],
      [
        { from, with: [file] },
        { layer: 'file', file, line: 2 },
      ],
      [
        { from, with: ['other'] },
        { layer: 'run', name: 'run-1' },
      ],
      [{}, { layer: 'default' }],
      [{ ...request, overrides: ['~seed'] }, { layer: 'default' }],
      [{ from, with: [unset] }, { layer: 'default' }],
    ];
    const seeds = [7, 8, 9, 8, 5, 21, 31, 11, 42, 42, 42];
    for (const [i, [asked, origin]] of cases.entries()) {
      const definition = definitionOf<Config>({ config: Seeded, configs });
      const spec = await planRun(definition, { root: dir, ...asked });

      expect(spec.seed).toBe(seeds[i]);
      expect(spec.origins['seed']).toEqual(origin);
      expect(spec.config).toMatchObject({ seed: seeds[i] });
    }
  });

  test('is random where nobody says anything, and no part of a config that has no such key', async () => {
    const one = await planRun(definitionOf(), { root: '/r' });
    const other = await planRun(definitionOf(), { root: '/r' });

    expect(one.seed).not.toBe(other.seed);
    expect(one.origins['seed']).toEqual({ layer: 'seed', text: 'random' });
    expect(one.config).not.toHaveProperty('seed');
    expect(one.configHash).toBe(other.configHash);
  });

  test.for<[request: object, message: RegExp]>([
    [{ seed: 1, overrides: ['seed=2'] }, /The seed is given twice: --seed 1 and seed=2\./],
    [{ overrides: ['seed=1.5'] }, /A seed must be a whole number from 0, got "1\.5"\./],
    [{ overrides: ['seed=-1'] }, /A seed must be a whole number/],
    [{ overrides: ['+seed=1'] }, /The seed is always there\. Write seed=1\./],
    [{ values: { seed: 'x' } }, /A seed must be a whole number from 0, got "x"\./],
  ])('is refused: %j', async ([request, message]) => {
    await expect(planRun(definitionOf(), { root: '/r', ...request })).rejects.toThrow(message);
  });

  test('cannot be set by functions, which are asked after it was chosen', async () => {
    const hooked = definitionOf<Config>({ hooks: [() => ({ seed: 1 }) as never] });
    const named = definitionOf<Config>({ configs: { big: () => ({ seed: 1 }) as never } });

    await expect(planRun(hooked, { root: '/r' })).rejects.toThrow(
      'The config hook "1" cannot set the seed',
    );
    await expect(planRun(named, { root: '/r', with: ['big'] })).rejects.toThrow(
      'The named config "big" cannot set the seed',
    );
    expect(() => definitionOf({ derive: { seed: () => 1 } as never })).toThrow(
      '"seed" cannot be derived',
    );
  });
});

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

  test('may vary the seed', async () => {
    const { runs } = await planSweep(definitionOf(), { root: '/r', overrides: ['seed=3,4'] });

    expect(runs.map((run) => run.seed)).toEqual([3, 4]);
    expect(runs[1]!.origins['seed']).toEqual({ layer: 'variant', text: 'seed=4' });
  });

  test('varies items of lists, sections and new keys of open ones', async () => {
    const open = definitionOf({
      config: Config.extend({ open: z.looseObject({}).prefault({}) }) as never,
      sweep: { 'list[0]': [7, 8] } as never,
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
    const definition = definitionOf<Config>({ sweep: { a: [1, 2], 'net.x': [3, 4] } });
    for (const override of ['net.x=9', 'net:={"y":1}', '~net']) {
      const { runs, notes, keys } = await planSweep(definition, {
        root: '/r',
        overrides: [override],
      });

      expect(runs).toHaveLength(2);
      expect(keys).toEqual(['a']);
      expect(notes).toEqual(['net.x is not swept: the command line sets it.']);
    }
  });

  test('is refused as a whole where one of its configs is wrong', async ({ dir }) => {
    const definition = definitionOf<Config>({
      config: Config.refine(({ a, b }) => a + b < 4, 'too much') as never,
      sweep: { a: [1, 2], b: [1, 2] },
    });

    await expect(planSweep(definition, { root: dir })).rejects.toThrow('Config: too much');
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('hooks', () => {
  test('see the config as other layers have it, the command and the seed, and may take time', async () => {
    const seen: unknown[] = [];
    const definition = definitionOf<Config>({
      hooks: [
        async ({ a, net }, context) => {
          seen.push([a, net.y, context]);
          return { 'net.x': a * 2 };
        },
        ({ net }) => ({ b: net.x }),
        () => undefined,
      ],
    });

    const { config } = await planRun(definition, { root: '/r', seed: 3, overrides: ['a=4'] });

    expect(seen).toEqual([[4, 2, { command: 'main', seed: 3 }]]);
    expect(config).toMatchObject({ a: 4, b: 8, net: { x: 8 } });
  });

  test.for<[title: string, hook: () => unknown, line: string | RegExp]>([
    ['fail', () => expect.unreachable('x'), /^The config hook "hook" failed: /],
    ['give no values', () => 5, 'The config hook "hook" must return config values, got number.'],
    [
      'misspell',
      () => ({ nett: 1 }),
      /^Config key "nett" is unknown\. Did you mean "net"\? \(hook hook, .*plan\.test\.ts:\d+\)$/,
    ],
  ])('that %s are named', async ([, hook, line]) => {
    const definition = definitionOf<Config>({
      hooks: [Object.defineProperty(hook, 'name', { value: 'hook' }) as never],
    });

    const [first] = await linesOfError(() => planRun(definition, { root: '/r' }));

    expect(first).toMatch(line);
  });
});

describe('named configs', () => {
  test('win in the order given, over those they extend, and over files', async ({ dir }) => {
    const file = join(dir, 'f.json');
    writeFileSync(file, '{"a": 9, "b": 9, "c": 9, "d": 9}');
    const definition = definitionOf<Config>({
      configs: {
        base: { a: 1, b: 1, c: 1 },
        mid: { extends: 'base', b: 2, net: { x: 2 } },
        top: { extends: ['mid', 'extra'], c: 3, 'net.y': 3 },
        extra: { net: { x: 5 } },
        last: { c: 4 },
      },
    });

    const { config, origins } = await planRun(definition, {
      root: dir,
      with: ['top', 'last', file],
    });

    expect(config).toMatchObject({ a: 1, b: 2, c: 4, d: 9, net: { x: 5, y: 3 } });
    expect(origins).toMatchObject({
      a: { layer: 'named', name: 'base' },
      'net.x': { name: 'extra' },
      c: { name: 'last' },
    });
  });

  test('that are functions read the defaults of other sections', async () => {
    const definition = definitionOf<Config>({
      configs: { wide: ({ net, list }) => ({ a: net.y + list.length, net: { x: net.y * 10 } }) },
    });

    const { config } = await planRun(definition, {
      root: '/r',
      with: ['wide'],
      overrides: ['net.y=4'],
    });

    expect(config).toMatchObject({ a: 5, net: { x: 40, y: 4 } });
  });

  test('in a circle, unknown or misspelt are errors', async () => {
    const configs = { one: { extends: 'two' }, two: { extends: 'one' }, big: { bb: 1 } as never };
    const plan = (name: string) => () =>
      planRun(definitionOf({ configs }), { root: '/r', with: [name] });

    expect(await linesOfError(plan('one'))).toEqual([
      'Named configs extend each other in a circle: one → two → one.',
    ]);
    expect(await linesOfError(plan('bug'))).toEqual([
      'There is no named config "bug". Did you mean "big"?',
    ]);
    expect((await linesOfError(plan('big')))[0]).toMatch(
      /^Config key "bb" is unknown\. .*\(named config big, .*plan\.test\.ts:\d+\)$/,
    );
  });
});

describe('the config of an earlier run', () => {
  const Rich = z.object({
    when: z.coerce.date().default(new Date(0)),
    rate: z
      .string()
      .transform((text) => Number(text))
      .default(0),
    steps: z.number().default(Infinity),
    odd: z.union([z.number(), z.nan()]).default(1),
    weights: z.record(z.string(), z.number()).default({ p: 1 }),
    kind: z
      .discriminatedUnion('is', [
        z.object({ is: z.literal('a'), p: z.int().default(1) }),
        z.object({ is: z.literal('b'), q: z.int().default(2) }),
      ])
      .default({ is: 'a', p: 5 }),
    epochs: z.int().default(20),
    warmup: z.number().optional(),
  });
  type Rich = z.infer<typeof Rich>;
  let count = 0;
  const make = () =>
    defineExperiment<Rich>(
      {
        name: `earlier-${++count}`,
        config: Rich,
        sinks: [],
        derive: { warmup: (config) => config.epochs / 10 },
      },
      () => undefined,
    );

  test('makes the same config again: transforms, special numbers, records, alternatives', async ({
    dir,
  }) => {
    const experiment = make();
    const values = {
      when: '2026-01-31',
      rate: '7',
      odd: NaN,
      'weights:': { q: 2 },
      'kind:': { is: 'b' },
      epochs: 50,
    };
    const first = await experiment.run(values as never, { root: dir });

    const again = await experiment.run({}, { root: dir, from: first.id });

    expect(structuredClone(again.config)).toEqual(structuredClone(first.config));
    expect(again.config).toMatchObject({ rate: 7, odd: NaN, steps: Infinity, warmup: 5 });
    expect(again.seed).toBe(first.seed);
  });

  test('leaves derived values to follow what the new run changes', async ({ dir }) => {
    const experiment = make();
    const first = await experiment.run({ epochs: 50 }, { root: dir });

    const again = await experiment.run({ epochs: 100 }, { root: dir, from: first.id });
    const { config } = earlierConfig(new StoredRun(first.dir));

    expect(again.config.warmup).toBe(10);
    expect(config).not.toHaveProperty('warmup');
  });

  test('of another experiment is refused', async () => {
    const from: EarlierConfig = { id: 'r', experiment: 'other', seed: 1, config: {} };

    await expect(planRun(definitionOf(), { root: '/r', from })).rejects.toThrow(
      'The run r is of the experiment "other", not of "planned".',
    );
  });
});

describe('a config that is saved', () => {
  test.for(['yaml', 'json'] as const)('as %s makes the same run again', async (format, { dir }) => {
    const definition = definitionOf<Config>({ derive: { h: ({ a }) => a * 2 } });
    const request = { root: dir, seed: 9, overrides: ['a=3', 'list=[]', 'net:={"y":5}'] };
    const file = join(dir, `saved.${format}`);

    writeFileSync(file, await configFileText(definition, request, format));
    const first = await planRun(definition, request);
    const again = await planRun(definition, { root: dir, with: [file] });
    const changed = await planRun(definition, { root: dir, with: [file], overrides: ['a=4'] });

    expect(again.config).toEqual(first.config);
    expect(again.configHash).toBe(first.configHash);
    expect(again.seed).toBe(9);
    expect(changed.config).toMatchObject({ a: 4, h: 8 });
    expect(relative(dir, file)).toBe(`saved.${format}`);
  });

  test.for(['yaml', 'json'] as const)(
    'as %s keeps numbers that JSON has not',
    async (format, { dir }) => {
      const config = z.object({
        steps: z.number().default(Infinity),
        odd: z.union([z.number(), z.nan()]).default(1),
        low: z.literal(-Infinity).or(z.number()).default(0),
      });
      const definition = definitionOf({ config: config as never });
      const request = { root: dir, overrides: ['odd=nan', 'low=-inf'] };
      const file = join(dir, `saved.${format}`);

      writeFileSync(file, await configFileText(definition, request, format));

      const { config: again } = await planRun(definition, { root: dir, with: [file] });
      expect(again).toEqual({ steps: 'inf', odd: 'nan', low: '-inf' });
    },
  );

  test('leaves a random seed out', async ({ dir }) => {
    expect(await configFileText(definitionOf(), { root: dir }, 'yaml')).not.toContain('seed');
    expect(exactValues({}, schemaOf(Config))).toEqual({});
  });
});

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

    expect(definitionOf({ config, sweep } as never).sweep).toBe(sweep);
  });
});

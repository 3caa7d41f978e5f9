import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { EarlierConfig } from '../../src/core/run-spec.ts';
import { planRun, planSweep } from '../../src/experiment/plan.ts';
import { resolveConfig } from '../../src/experiment/resolve.ts';
import { linesOfError } from '../helpers/compose.ts';
import { definitionOf, place } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

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
    const definition = definitionOf({
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

  test('take values from code by section, by path, and item by item', async () => {
    const values = { a: 1, net: { x: 3 }, 'net.y': 4, 'list[0]': 5, '+list[1]': 6 };

    const { config } = await planRun(definitionOf(), { root: '/r', values });

    expect(config).toMatchObject({ a: 1, net: { x: 3, y: 4 }, list: [5, 6] });
  });

  test.for([5, [1], 'text', new Date(0)])('take no values like %j', async (given) => {
    await expect(planRun(definitionOf(), { root: '/r', values: given })).rejects.toThrow(
      'Config values must be an object, got ',
    );
  });
});

describe('hooks', () => {
  test('see the config as other layers have it, the command and the seed, and may take time', async () => {
    const seen: unknown[] = [];
    const definition = definitionOf({
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
      /^Config key "nett" is unknown\. Did you mean "net"\? \(hook hook, .*planned\.ts:\d+\)$/,
    ],
  ])('that %s are named', async ([, hook, line]) => {
    const definition = definitionOf({
      hooks: [Object.defineProperty(hook, 'name', { value: 'hook' }) as never],
    });

    const [first] = await linesOfError(() => planRun(definition, { root: '/r' }));

    expect(first).toMatch(line);
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { EarlierConfig } from '../../src/core/run-spec.ts';
import { planRun } from '../../src/experiment/plan.ts';
import { Config, definitionOf, definitionWith, place } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

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
      const definition = definitionWith(Seeded, { configs });
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
    const hooked = definitionOf({ hooks: [() => ({ seed: 1 }) as never] });
    const named = definitionOf({ configs: { big: () => ({ seed: 1 }) as never } });

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

import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { EarlierConfig } from '../../src/core/run-spec.ts';
import { earlierConfig } from '../../src/experiment/earlier-config.ts';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { planRun } from '../../src/experiment/plan.ts';
import { StoredRun } from '../../src/store/stored-run.ts';
import { definitionOf } from '../helpers/planned.ts';
import { test } from '../helpers/temp-dir.ts';

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

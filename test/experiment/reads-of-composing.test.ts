import { expect } from 'vitest';
import { z } from 'zod';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { StoredRun } from '../../src/store/stored-run.ts';
import { test } from '../helpers/temp-dir.ts';

test('what a config is made from counts as read, by what was made', async ({ dir }) => {
  const config = z.object({
    epochs: z.int().default(20),
    warmup: z.int(),
    model: z.string().default('small'),
    batchSize: z.int().default(8),
    size: z.int().default(1),
    spare: z.int().default(0),
  });
  const experiment = defineExperiment(
    {
      name: 'made',
      config,
      sinks: [],
      derive: { warmup: ({ epochs }) => epochs / 10 },
      hooks: [
        function fit({ model }) {
          return model === 'large' ? { batchSize: 2 } : {};
        },
      ],
      configs: { sized: ({ size }) => ({ batchSize: size * 4 }) },
    },
    ({ config: { warmup, batchSize } }) => warmup * batchSize,
  );

  const run = await experiment.run({}, { root: dir, with: ['sized'] });

  expect(new StoredRun(run.dir).manifest.reads).toEqual({
    epochs: ['derived warmup'],
    model: ['hook fit'],
    size: ['named config sized'],
    warmup: ['main'],
    batchSize: ['main'],
  });
});

import { describe, expect } from 'vitest';
import { z } from 'zod';
import { experiment } from '../../src/index.ts';
import { manifestOf } from '../helpers/stored.ts';
import { memorySink } from '../../src/testing.ts';
import { test } from '../helpers/temp-dir.ts';

const seeded = experiment(
  { name: 'seeded', config: z.object({ seed: z.int().default(42) }), sinks: [] },
  (run) => ({ config: run.config.seed, run: run.seed }),
);

describe('the seed of a run', () => {
  test.for([
    { title: 'the default of a key that the schema declares', values: {}, options: {}, seed: 42 },
    { title: 'the value for that key from code', values: { seed: 7 }, options: {}, seed: 7 },
    { title: 'the option, above both', values: { seed: 7 }, options: { seed: 9 }, seed: 9 },
  ])('is $title', async ({ values, options, seed }, { dir }) => {
    const run = await seeded.run(values, { root: dir, ...options });

    expect(run.result).toEqual({ config: seed, run: seed });
    expect(manifestOf(run.dir)).toMatchObject({ seed });
  });

  test('is refused when it is no whole number from 0', async ({ dir }) => {
    await expect(seeded.run({}, { root: dir, seed: 1.5 })).rejects.toThrow(
      /must be a whole number/,
    );
  });
});

describe('the sinks of a run from code', () => {
  test('may be the own ones of the caller', async ({ dir }) => {
    const sink = memorySink('mine');

    const run = await seeded.run({}, { root: dir, sinks: ['csv', sink] });

    expect(manifestOf(run.dir)).toMatchObject({ sinks: ['csv', 'mine'] });
  });
});

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineExperiment } from '../../src/experiment/experiment.ts';

const code = 'EXP_EXPERIMENT';

describe('experiment(options, main)', () => {
  test.for(['', 'a b', '../up', 'sweeps', 'ä', '.hidden', 'x'.repeat(101), undefined, 3])(
    'refuses the name %j',
    (name) => {
      expect(() => defineExperiment({ name: name as string }, () => {})).toThrow(
        expect.objectContaining({
          code,
          message: expect.stringContaining(`"${name}" cannot name`),
        }),
      );
    },
  );

  test.for(['run', 'config', 'logger', 'rng', 'runId', 'runDir', 'signal'])(
    'refuses a config key called %s, which captured functions get something else by',
    (key) => {
      const schema = z.object({ [key]: z.number() });

      expect(() => defineExperiment({ name: `key-${key}`, config: schema }, () => {})).toThrow(
        `experiment("key-${key}"): "${key}" cannot be a config key`,
      );
    },
  );

  test.for([
    [{ sweep: { lrr: [1] } }, 'the config has no key "lrr". Did you mean "lr"?'],
    [{ track: ['lrr'] }, 'the config has no key "lrr". Did you mean "lr"?'],
    [{ repeats: 0 }, 'repeats must be a whole number of at least 1, got 0.'],
    [{ repeats: 1.5 }, 'repeats must be a whole number of at least 1, got 1.5.'],
    [{ repeats: Number.NaN }, 'repeats must be a whole number of at least 1, got NaN.'],
  ] as const)('refuses %j', ([options, message]) => {
    const all = { name: 'options', config: z.object({ lr: z.number() }), ...options };

    expect(() => defineExperiment(all as never, () => {})).toThrow(
      `experiment("options"): ${message}`,
    );
  });

  test('leaves its name to the next one', () => {
    const name = 'again';

    expect(() => defineExperiment({ name, repeats: 0 }, () => {})).toThrow('repeats');
    expect(defineExperiment({ name }, () => {})).toMatchObject({ name });
  });
});

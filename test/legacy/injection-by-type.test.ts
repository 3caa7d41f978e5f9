import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { inject } from '../../src/capture/inject.ts';
import { runExperiment } from '../../src/experiment/run-experiment.ts';
import { Logger } from '../../src/logging/logger.ts';
import { Rng } from '../../src/random/rng.ts';
import { Run } from '../../src/run/run.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

class Dice {
  sides = 6;
}

class Model {
  @captured
  tools(current: Run = inject(), out: Logger = inject(), random: Rng = inject()) {
    return { current, out, random };
  }

  @captured
  maybe(current?: Run) {
    return current;
  }

  @captured
  explicit(random: Rng = new Rng(5)) {
    return random;
  }

  @captured('train')
  inSection(current: Run = inject(), lr: number = inject()) {
    return [current, lr];
  }

  @captured
  byName(run: Run | null = inject(), rng: z.infer<z.ZodAny> = inject()) {
    return [run, rng];
  }

  @captured
  other(dice: Dice = inject(), when: Date = new Date(0)) {
    return [dice, when];
  }

  @captured
  static tool(current: Run = inject()) {
    return current;
  }
}

@experiment({ name: 'captured-main', sinks: [] })
class CapturedMain {
  @captured
  main(current: Run, random: Rng = inject()) {
    return [current.experiment, random instanceof Rng];
  }
}

describe('@captured with metadata', () => {
  const model = new Model();

  test('gives run, logger and generator by their classes, whatever their names', async ({
    dir,
  }) => {
    await inRun(dir, {}, (run) => {
      const { current, out, random } = model.tools();

      expect(current).toBe(run);
      expect(out).toBeInstanceOf(Logger);
      expect(random).toBeInstanceOf(Rng);
    });
  });

  test('gives them to static methods, optional parameters and inside of sections', async ({
    dir,
  }) => {
    await inRun(dir, { lr: 1, train: { lr: 2 } }, (run) => {
      expect([Model.tool(), model.maybe(), ...model.inSection()]).toEqual([run, run, run, 2]);
    });
  });

  test('prefers the run to the default, and an explicit argument to both', async ({ dir }) => {
    const given = new Rng(1);

    const got = await inRun(dir, {}, () => [model.explicit().seed, model.explicit(given)]);

    expect(got[0]).not.toBe(5);
    expect(got[1]).toBe(given);
  });

  test('falls back on the name where the type says nothing', async ({ dir }) => {
    await inRun(dir, {}, (run) => {
      expect(model.byName()).toEqual([run, expect.any(Rng)]);
    });
  });

  test('takes other classes by name', async ({ dir }) => {
    const call = inRun(dir, { die: 6 }, () => model.other());

    await expect(call).rejects.toThrow('other() needs "dice"');
  });

  test('reaches a main method that is captured itself', async ({ dir }) => {
    const { result } = await runExperiment(CapturedMain, {}, { root: dir });

    expect(result).toEqual(['captured-main', true]);
  });
});

import { describe, expect } from 'vitest';
import { runExperiment } from '../../src/experiment/run-experiment.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';
import type * as Subjects from './config-subjects.ts';

/** What @config does, whichever dialect the decorated classes are compiled in. */
export function specifyConfig(subjects: typeof Subjects): void {
  const { Declared, Fields, Helper, Inheriting, Sections, Whole } = subjects;
  const train = { lr: 0.1, epochs: 3 };

  describe('@config', () => {
    test('gives a field the section of its name, or else the config', async ({ dir }) => {
      const given = { train: { epochs: 9 }, name: 'a' };
      const { result } = await runExperiment<any>(Fields, given, { root: dir });

      const all = { train: { lr: 0.1, epochs: 9 }, name: 'a' };
      expect(result).toEqual({ all, train: all.train, config: all, name: 'a' });
    });

    test('gives values that cannot be changed', async ({ dir }) => {
      const { result } = await runExperiment<any>(Sections, {}, { root: dir });

      const { lr } = (result as { train: { lr: number } }).train;
      expect(() => Object.assign((result as { train: object }).train, { lr: 5 })).toThrow(
        'Config key "train.lr" is read-only',
      );
      expect(lr).toBe(0.1);
    });
  });

  describe('@config(schema)', () => {
    test('declares the config on a field of that name', async ({ dir }) => {
      const { result, config } = await runExperiment<any>(Whole, { lr: 0.5 }, { root: dir });

      expect([result, config]).toEqual([
        { lr: 0.5, epochs: 3 },
        { lr: 0.5, epochs: 3 },
      ]);
    });

    test('declares a section on every other field', async ({ dir }) => {
      const given = { data: { path: 'elsewhere' } };
      const { result, config } = await runExperiment<any>(Sections, given, { root: dir });

      expect(result).toEqual({ train, data: { path: 'elsewhere' } });
      expect(config).toEqual(result);
    });

    test('is inherited', async ({ dir }) => {
      const { result } = await runExperiment<any>(Inheriting, {}, { root: dir });

      expect(result).toEqual({ train, data: { path: 'data' }, inherited: true });
    });

    test('yields to the config of the experiment', async ({ dir }) => {
      const { result } = await runExperiment<any>(Declared, { train: {} }, { root: dir });

      expect(result).toEqual({ path: 'data' });
    });

    test('names section and key of a value it refuses', async ({ dir }) => {
      const run = runExperiment<any>(Sections, { train: { epochs: 0.5 } }, { root: dir });

      await expect(run).rejects.toThrow(/Config "train\.epochs": .*got 0\.5/);
    });

    test('names a section nobody declared', async ({ dir }) => {
      const run = runExperiment<any>(Sections, { trein: {} }, { root: dir });

      await expect(run).rejects.toThrow('Config key "trein" is unknown. Did you mean "train"?');
    });
  });

  describe('@config on a class that is no experiment', () => {
    test('fills instances made inside a run', async ({ dir }) => {
      expect(await inRun(dir, { train: { lr: 0.5 } }, () => new Helper().lr())).toBe(0.5);
    });

    test('fills an instance made before every run, for each run anew', async ({ dir }) => {
      const helper = new Helper();

      const first = await inRun(dir, { train: { lr: 1 } }, () => helper.lr());
      const second = await inRun(dir, { train: { lr: 2 } }, () => helper.lr());

      expect([first, second]).toEqual([1, 2]);
    });

    test('shows concurrent runs their own config through one instance', async ({ dir }) => {
      const helper = new Helper();
      let waiting: (() => void) | undefined;
      const seen = async (): Promise<number[]> => {
        const before = helper.lr();
        // The first run goes on once the second one has seen its config.
        if (waiting === undefined) await new Promise<void>((resolve) => (waiting = resolve));
        else waiting();
        return [before, helper.train.lr];
      };

      const got = await Promise.all([
        inRun(dir, { train: { lr: 1 } }, seen),
        inRun(dir, { train: { lr: 2 } }, seen),
      ]);

      expect(got).toEqual([
        [1, 1],
        [2, 2],
      ]);
    });

    test('keeps the config of its run in runs inside of that and afterwards', async ({ dir }) => {
      const helper = await inRun(dir, { train: { lr: 1 } }, async () => {
        const made = new Helper();
        made.lr();
        expect(await inRun(dir, { train: { lr: 2 } }, () => made.lr())).toBe(1);
        return made;
      });

      expect(helper.lr()).toBe(1);
    });

    test('leaves the initial value to code outside of runs', () => {
      expect(new Helper().lr()).toBe(-1);
    });

    test('lets a field be assigned', async ({ dir }) => {
      const got = await inRun(dir, { train: { lr: 1 } }, () => {
        const helper = new Helper();
        helper.lr();
        helper.train = { lr: 7 };
        return [helper.lr(), Object.keys(helper)];
      });

      expect(got).toEqual([7, ['train']]);
    });
  });
}

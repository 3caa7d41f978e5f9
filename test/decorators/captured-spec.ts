import { describe, expect } from 'vitest';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';
import type * as Subjects from './captured-subjects.ts';

/** What @captured does, whichever dialect the decorated classes are compiled in. */
export function specifyCaptured(subjects: typeof Subjects): void {
  const { Deeper, Inheriting, openVault, Overriding, Trainer, Uncaptured } = subjects;
  const trainer = new Trainer();

  describe('@captured', () => {
    test('fills arguments left out from the config, by name', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.1, momentum: 0.5 }, () => trainer.fit(3));

      expect(got).toEqual({ epoch: 3, lr: 0.1, momentum: 0.5 });
    });

    test('prefers explicit arguments, falsy ones and null too', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.1, momentum: 0.5 }, () => [
        trainer.fit(3, 7),
        trainer.fit(0, 0, Number.NaN),
        trainer.fit(1, null as unknown as number),
      ]);

      expect(got).toEqual([
        { epoch: 3, lr: 7, momentum: 0.5 },
        { epoch: 0, lr: 0, momentum: Number.NaN },
        { epoch: 1, lr: null, momentum: 0.5 },
      ]);
    });

    test('fills an argument given as undefined', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.1 }, () => trainer.fit(3, undefined, 0.2));

      expect(got).toEqual({ epoch: 3, lr: 0.1, momentum: 0.2 });
    });

    test('leaves the function its default where the config lacks the key', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.1 }, () => trainer.fit(3));

      expect(got.momentum).toBe(0.9);
    });

    test('gives falsy values of the config, also null', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0, momentum: null }, () => trainer.fit(3));

      expect(got).toEqual({ epoch: 3, lr: 0, momentum: null });
    });

    test('reads names past defaults with brackets, text, comments and regexes', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.1 }, () => trainer.tricky());

      expect(got).toEqual(['),(', '[)"\'`]', [1, 3], ')},', 0.1]);
    });

    test('leaves rest and destructured parameters alone', async ({ dir }) => {
      const config = { lr: 0.1, rest: 1, x: 2 };
      const got = await inRun(dir, config, () => [
        trainer.sum(),
        trainer.sum(undefined, 5, 6),
        trainer.pick({ x: 3 }),
      ]);

      expect(got).toEqual([[0.1], [0.1, 5, 6], [3, 0.1]]);
    });

    test('keeps this, and the results of async methods', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.1 }, () => trainer.fitLater());

      expect(got).toBeCloseTo(1);
    });

    test('fills generators, sync and async', async ({ dir }) => {
      const got = await inRun(dir, { batchSize: 32 }, async () => {
        const streamed: number[] = [];
        for await (const start of trainer.stream(2)) streamed.push(start);
        return [[...trainer.batches(3)], streamed];
      });

      expect(got).toEqual([
        [0, 32, 64],
        [0, 32],
      ]);
    });

    test('fills static methods', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.5 }, () => Trainer.scale(4));

      expect(got).toEqual(['Trainer', 2]);
    });

    test('fills private methods', async ({ dir }) => {
      expect(await inRun(dir, { lr: 0.5 }, openVault)).toBe(0.5);
    });

    test('keeps the name and the length of a method', () => {
      expect([trainer.fit.name, trainer.fit.length]).toEqual(['fit', 1]);
    });

    test('passes on what a method throws', async ({ dir }) => {
      const run = inRun(dir, { lr: 0.5 }, () => trainer.thrower());

      await expect(run).rejects.toThrow(new RangeError('from the method, lr 0.5'));
    });

    test('takes values from the sections it names', async ({ dir }) => {
      const config = { lr: 1, batches: 1, train: { lr: 2 }, eval: { batches: 4 } };
      const got = await inRun(dir, config, () => [trainer.section(), ...trainer.sections()]);

      expect(got).toEqual([2, 2, 4]);
    });

    test('takes single values beside sections, and sections as a whole', async ({ dir }) => {
      const config = { lr: 1, train: { lr: 2 }, env: { name: 'cartpole' } };
      const got = await inRun(dir, config, () => trainer.sectionAndValue());

      expect(got).toEqual([2, 'cartpole', { lr: 2 }]);
    });

    test('fills destructured parameters, member by member', async ({ dir }) => {
      const config = { lr: 1, rest: 1, train: { lr: 2 } };
      const got = await inRun(dir, config, async () => [
        trainer.destructured(3),
        trainer.destructured(3, { momentum: 0, extra: 5 }),
        await trainer.destructuredLater(),
        await trainer.destructuredLater({ lr: 5 }),
      ]);

      expect(got).toEqual([
        [3, 1, 0.9, {}],
        [3, 1, 0, { extra: 5 }],
        [2, [0.9, 0.99]],
        [5, [0.9, 0.99]],
      ]);
    });

    test('takes names and prefixes as options, for minified code', async ({ dir }) => {
      const config = { lr: 1, train: { lr: 2, batches: 3 } };
      const got = await inRun(dir, config, () => [...trainer.minified(), trainer.optioned()]);

      expect(got).toEqual([1, 3, 2]);
    });

    test('calls a method as its options do', async ({ dir }) => {
      const call = inRun(dir, { lr: 1, train: {} }, () => trainer.optioned());

      await expect(call).rejects.toThrow('Trainer.step() needs "lr"');
    });

    test('reads names between comments, and past functions and objects', async ({ dir }) => {
      const got = await inRun(dir, { lr: 1 }, () => [trainer.commented(), trainer.nested()]);

      const options = { a: [1, { b: ')' }], 'c,d': '[,)]' };
      expect(got).toEqual([
        [2, 1],
        [3, options, 'it\'s, "quoted" (twice)', 1],
      ]);
    });

    test('fills static methods of every kind', async ({ dir }) => {
      const got = await inRun(dir, { lr: 2 }, async () => {
        const streamed: number[] = [];
        for await (const step of Trainer.streamAll(3)) streamed.push(step);
        return [streamed, Trainer.make(), Trainer.make({ lr: 5 })];
      });

      expect(got).toEqual([
        [0, 2, 4],
        ['Trainer', 2],
        ['Trainer', 5],
      ]);
    });

    test('fills the same with empty brackets', async ({ dir }) => {
      expect(await inRun(dir, { lr: 0.5 }, () => trainer.called())).toBe(0.5);
    });
  });

  describe('@captured and inheritance', () => {
    test('fills inherited methods', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.5 }, () => new Inheriting().fitLater());

      expect(got).toBe(50);
    });

    test('fills a method that overrides a captured one, and the one it calls', async ({ dir }) => {
      const got = await inRun(dir, { lr: 0.5 }, () => new Overriding().fit(1));

      expect(got).toEqual({ epoch: 1, lr: 1, momentum: 0.5 });
    });

    test('fills every level of a chain, and calls through it with super', async ({ dir }) => {
      const config = { lr: 0.5, momentum: 1, batchSize: 8, train: { lr: 3 } };
      const got = await inRun(dir, config, async () => {
        const deeper = new Deeper();
        return [
          await deeper.fitLater(),
          [...deeper.batches(2)],
          Deeper.scale(4),
          deeper.section(),
          deeper.fit(1),
        ];
      });

      expect(got).toEqual([
        11,
        [1, 9],
        ['deeper', 'Deeper', 4],
        30,
        { epoch: 1, lr: 1, momentum: 1 },
      ]);
    });

    test('does not reach a method that overrides without it', async ({ dir }) => {
      const call = inRun(dir, { lr: 0.5 }, () => new Uncaptured().fit(1));

      await expect(call).rejects.toThrow(
        'inject() was evaluated in a function that is not captured.',
      );
    });
  });

  describe('@captured, where something is missing', () => {
    test('names the method, the argument and the nearest key', async ({ dir }) => {
      const call = inRun(dir, { learningRate: 0.1, lrs: 0.1 }, () => trainer.fit(3));

      await expect(call).rejects.toThrow(
        expect.objectContaining({
          code: 'EXP_CAPTURE',
          message:
            'fit() needs "lr", which neither the call nor the config gives. Did you mean "lrs"?',
        }),
      );
    });

    test('lists what there is where no key is near', async ({ dir }) => {
      const required = trainer.required as () => unknown;
      const call = inRun(dir, { optimizer: 'adam' }, () => required());

      await expect(call).rejects.toThrow(
        /required\(\) needs "lr".* Known: optimizer, run, config,/,
      );
    });

    test('lists the keys of the section it names', async ({ dir }) => {
      const config = { steps: 3, train: { optimizer: 'adam' } };
      const call = inRun(dir, config, () => trainer.outsideSection());

      await expect(call).rejects.toThrow(
        /outsideSection\(\) needs "epochs".* Known: optimizer, run/,
      );
    });

    test('refuses more arguments than the method takes', async ({ dir }) => {
      const fit = trainer.fit as (...args: number[]) => unknown;
      const call = inRun(dir, { lr: 0.1 }, () => fit(1, 2, 3, 4));

      await expect(call).rejects.toThrow('fit() takes 3 arguments (epoch, lr, momentum), got 4.');
    });

    test('outside a run calls the method as it is', () => {
      expect(trainer.fit(1, 2)).toEqual({ epoch: 1, lr: 2, momentum: 0.9 });
    });

    test('outside a run says how to get one', () => {
      expect(() => trainer.fit(1)).toThrow(
        'fit() needs "lr" and was called outside of a run. ' +
          'Pass it, or start a run with run-exp, runExperiment() or openRun().',
      );
    });
  });
}

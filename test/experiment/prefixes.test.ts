import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { capture } from '../../src/capture/capture.ts';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { inject } from '../../src/capture/inject.ts';
import { openRun } from '../../src/run/open-run.ts';
import { inRun } from '../helpers/in-run.ts';
import { test } from '../helpers/temp-dir.ts';

const config = {
  seed: 1,
  lr: 1,
  train: { lr: 2, epochs: 3, optimizer: { name: 'adam', beta: 0.9 } },
  env: { name: 'cartpole', steps: 200 },
  eval: { epochs: 9 },
};

describe('captured functions with prefixes', () => {
  test.for<{ title: string; prefixes: string[]; names: string[]; got: unknown[] }>([
    { title: 'a section: its keys', prefixes: ['train'], names: ['lr', 'epochs'], got: [2, 3] },
    { title: 'a value: it alone', prefixes: ['env.name'], names: ['name'], got: ['cartpole'] },
    {
      title: 'both at once',
      prefixes: ['train', 'env.name'],
      names: ['lr', 'name'],
      got: [2, 'cartpole'],
    },
    { title: 'a section: itself', prefixes: ['env'], names: ['env'], got: [config.env] },
    {
      title: 'a section in a section: itself, once',
      prefixes: ['train', 'train.optimizer'],
      names: ['optimizer', 'beta'],
      got: [config.train.optimizer, 0.9],
    },
    { title: 'dotted names', prefixes: ['train'], names: ['optimizer.name'], got: ['adam'] },
    { title: 'one prefix twice', prefixes: ['train', 'train'], names: ['lr'], got: [2] },
    {
      title: 'a value before the keys of sections',
      prefixes: ['train', 'eval', 'eval.epochs'],
      names: ['epochs'],
      got: [9],
    },
    {
      title: 'the section of just one',
      prefixes: ['train', 'env.name'],
      names: ['config'],
      got: [config.train],
    },
    { title: 'the whole to two', prefixes: ['train', 'env'], names: ['config'], got: [config] },
    { title: 'the whole to a value', prefixes: ['env.name'], names: ['config'], got: [config] },
  ])('get from $title', async ({ prefixes, names, got }, { dir }) => {
    const fn = capture((...values: unknown[]) => values, { prefixes, names });

    expect(await inRun(dir, config, () => fn())).toEqual(got);
  });

  test('say where a name may be, when two sections have it', async ({ dir }) => {
    const fit = capture((epochs: number = inject()) => epochs, {
      name: 'fit',
      prefixes: ['train', 'eval'],
    });

    await expect(inRun(dir, config, () => fit())).rejects.toThrow(
      expect.objectContaining({
        code: 'EXP_CAPTURE',
        message:
          'fit() needs "epochs", which is at "train.epochs" and at "eval.epochs". ' +
          "Name the one that is meant: @captured('train', 'eval', 'train.epochs').",
      }),
    );
    expect(await inRun(dir, config, () => fit(5))).toBe(5);
  });

  test.for([
    ['trian', 'Did you mean "train"?'],
    ['train.optimiser', 'Did you mean "train.optimizer"?'],
    ['zzz', 'Known: lr, train, train.lr,'],
    ['lr.x', 'Known: lr, train,'],
    ['toString', 'Known: '],
  ] as const)('refuse "%s", which the config has not', async ([prefix, hint], { dir }) => {
    const fit = capture((momentum = 0.9) => momentum, { name: 'fit', prefixes: [prefix] });

    await expect(inRun(dir, config, () => fit())).rejects.toThrow(
      `fit() is captured with "${prefix}", which the config has not. ${hint}`,
    );
  });

  test('keep their defaults where the schema lets a run leave the section out', async ({ dir }) => {
    const schema = z.object({ lr: z.number(), eval: z.object({ size: z.int() }).optional() });
    const judge = capture((size = 5) => size, { name: 'judge', prefixes: ['eval'] });
    const strict = capture((size: number = inject()) => size, { name: 'st', prefixes: ['eval'] });
    const all = capture((all?: unknown) => all ?? 'none', {
      prefixes: ['eval'],
      names: ['config'],
    });
    const experiment = defineExperiment(
      { name: `optional-${dir.slice(-6)}`, config: schema, sinks: [] },
      (run) => ({ size: judge(), strict: run.seed === 1 ? strict() : 0, all: all(undefined) }),
    );

    const without = await experiment.run({ lr: 1 }, { root: dir, seed: 2 });
    const given = { lr: 1, eval: { size: 7 } };
    const run = await experiment.run(given, { root: dir, seed: 2 });
    const failing = experiment.run({ lr: 1 }, { root: dir, seed: 1 });

    expect(without.result).toEqual({ size: 5, strict: 0, all: 'none' });
    expect(run.result).toEqual({ size: 7, strict: 0, all: { size: 7 } });
    await expect(failing).rejects.toThrow(
      'st() needs "size", which neither the call nor the config gives. ' +
        'The config of this run leaves out "eval": pass it, or give the parameter a default.',
    );
  });

  test('keep their defaults where a section is null', async ({ dir }) => {
    const judge = capture((size = 5, evaluation?: unknown) => [size, evaluation], {
      prefixes: ['eval'],
      names: [undefined, 'eval'],
    });

    expect(await inRun(dir, { eval: null }, () => judge())).toEqual([5, null]);
  });

  test('know no optional sections in a run without a schema', async ({ dir }) => {
    const judge = capture((size = 5) => size, { name: 'judge', prefixes: ['eval'] });
    const options = { name: 'open', root: dir, sinks: [], config: { lr: 1 } };

    await expect(openRun(options, () => judge())).rejects.toThrow(
      'judge() is captured with "eval", which the config has not. Known: lr.',
    );
  });
});

describe('an argument that is missing', () => {
  test.for<{ prefixes: string[]; name: string; hint: string }>([
    {
      prefixes: [],
      name: 'beta',
      hint: `It is at "train.optimizer.beta": @captured('train.optimizer').`,
    },
    {
      prefixes: [],
      name: 'epochs',
      hint: `It is at "train.epochs" and at "eval.epochs": @captured('train').`,
    },
    { prefixes: ['env'], name: 'beta', hint: `@captured('env', 'train.optimizer').` },
    { prefixes: ['train'], name: 'lrs', hint: 'Did you mean "lr"?' },
    {
      prefixes: ['env'],
      name: 'lr',
      hint: `It is at "lr" and at "train.lr": @captured('env', 'lr').`,
    },
    { prefixes: [], name: 'train.lrs', hint: 'Did you mean "train.lr"?' },
    { prefixes: ['env'], name: 'zzz', hint: 'Known: name, steps, run, config, logger,' },
  ])('$name of $prefixes is looked for elsewhere', async ({ prefixes, name, hint }, { dir }) => {
    const fit = capture((x: unknown = inject()) => x, { name: 'fit', prefixes, names: [name] });

    await expect(inRun(dir, config, () => fit())).rejects.toThrow(hint);
  });

  test('is named with all others, whether or not inject() stands for them', async ({ dir }) => {
    const fit = captured((a: number, b: number = inject(), c = 1, d: number = inject()) => [
      a,
      b,
      c,
      d,
    ]);
    const call = inRun(dir, config, () => (fit as () => unknown)());

    await expect(call).rejects.toThrow('needs "a", "b", "d", which neither');
  });

  test('of a key the schema leaves out says so', async ({ dir }) => {
    const note = capture((x: string = inject()) => x, { names: ['note'] });
    const experiment = defineExperiment(
      {
        name: `left-out-${dir.slice(-6)}`,
        config: z.object({ note: z.string().optional() }),
        sinks: [],
      },
      () => note(),
    );

    await expect(experiment.run({}, { root: dir })).rejects.toThrow(
      'The config of this run leaves it out: pass it, or give the parameter a default.',
    );
  });
});

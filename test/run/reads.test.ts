import { describe, expect } from 'vitest';
import { z } from 'zod';
import { captured } from '../../src/decorators/captured.ts';
import { config } from '../../src/decorators/config.ts';
import { experiment } from '../../src/decorators/experiment.ts';
import { inject } from '../../src/capture/inject.ts';
import { runExperiment } from '../../src/experiment/run-experiment.ts';
import { logger } from '../../src/logging/logger.ts';
import { openRun } from '../../src/run/open-run.ts';
import type { Run } from '../../src/run/run.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const Schema = z.object({
  lr: z.number().default(1),
  momentum: z.number().default(2),
  layers: z.array(z.int()).default([3]),
  train: z.object({ epochs: z.int(), size: z.int() }).default({ epochs: 4, size: 5 }),
});
type Config = z.infer<typeof Schema>;

let count = 0;

/** What run.json says of the keys that `main` reads. */
async function readsOf(root: string, main: (run: Run<Config>) => unknown): Promise<unknown> {
  const made = experiment({ name: `reads-${++count}`, config: Schema, sinks: [] }, main);
  const { dir } = await made.run({}, { root });
  return manifestOf(dir)['reads'];
}

const fit = captured(function fitting(lr: number = inject()) {
  return lr;
});

describe('the record of the keys that were read', () => {
  test('is empty for a run that reads none', async ({ dir }) => {
    expect(await readsOf(dir, () => {})).toEqual({});
  });

  test('names main, and functions once however often they are called', async ({ dir }) => {
    const reads = await readsOf(dir, (run) => {
      for (let i = 0; i < 3; i++) fit();
      return [run.config.lr, run.config.layers[0], run.config.train.epochs];
    });

    expect(reads).toEqual({ lr: ['fitting', 'main'], layers: ['main'], 'train.epochs': ['main'] });
  });

  test('counts no value that the caller gives in its place', async ({ dir }) => {
    expect(await readsOf(dir, () => [fit(5), fit(6)])).toEqual({});
  });

  test('counts destructured members, and of a section what is taken of it', async ({ dir }) => {
    const step = captured(function stepping({ momentum, train }: any = inject()) {
      return [momentum, train.size] as unknown;
    });

    expect(await readsOf(dir, () => step())).toEqual({
      momentum: ['stepping'],
      'train.size': ['stepping'],
    });
  });

  test('follows the code across awaits, prefix blocks and callbacks', async ({ dir }) => {
    const later = captured(async function waiting(run: Run<Config> = inject()) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return logger.prefix('x', () => run.config.momentum);
    });

    expect(await readsOf(dir, () => later())).toEqual({ momentum: ['waiting'] });
  });

  test('is kept for each run alone, when one is inside of another', async ({ dir }) => {
    let inner: unknown;
    const outer = await readsOf(dir, async (run) => {
      inner = await readsOf(dir, ({ config: own }) => [own.lr, run.config.momentum]);
    });

    expect([outer, inner]).toEqual([{ momentum: ['main'] }, { lr: ['main'] }]);
  });

  test('counts no more than the code reads: not the result, not what is written', async ({
    dir,
  }) => {
    expect(await readsOf(dir, (run) => run.config)).toEqual({});
  });

  test('has fields with the config, and the empty name outside of functions', async ({ dir }) => {
    @experiment({ name: 'reads-fields', sinks: [] })
    class Fields {
      @config(Schema.shape.train) train!: Config['train'];

      main(): number {
        return this.size();
      }

      @captured
      size(): number {
        return this.train.size;
      }
    }

    const options = { name: 'reads-open', root: dir, sinks: [], config: { lr: 1, decay: 2 } };

    const run = await runExperiment<any>(Fields, { train: { epochs: 1, size: 2 } }, { root: dir });
    const open = await openRun(options, ({ config: own }) => own.lr);

    expect(manifestOf(run.dir)['reads']).toEqual({ 'train.size': ['size'] });
    expect(manifestOf(open.dir)['reads']).toEqual({ lr: [''] });
  });

  test('is there when a run fails', async ({ dir }) => {
    const made = experiment({ name: 'reads-failing', config: Schema, sinks: [] }, (run) => {
      throw new Error(`lr ${run.config.lr}`);
    });
    await expect(made.run({}, { root: dir })).rejects.toThrow('lr 1');

    expect(manifestOf(runDirs(dir, 'reads-failing')[0]!)['reads']).toEqual({ lr: ['main'] });
  });
});

import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/walk/main.ts';

describe('run-exp --sweep', () => {
  test('runs every combination the code declares, the last key varying fastest', async ({
    dir,
  }) => {
    await sweep(dir, 'steps=1');

    const drifts = [0, 1, 2, 3, 4, 5];
    expect(variantsOf(dir)).toEqual(
      drifts.flatMap((drift) => [0, 0.1].map((noise) => ({ drift, noise }))),
    );
  });

  test('runs the axes on the line instead, in their order', async ({ dir }) => {
    await sweep(dir, 'noise=choice(0,0.5)', 'drift=range(1,3)', 'steps=1');

    expect(variantsOf(dir)).toEqual([
      { noise: 0, drift: 1 },
      { noise: 0, drift: 2 },
      { noise: 0.5, drift: 1 },
      { noise: 0.5, drift: 2 },
    ]);
  });

  test('pins a declared key that the line gives one value, and says so', async ({ dir }) => {
    const { stderr } = await sweep(dir, 'drift=7', 'steps=1');

    expect(variantsOf(dir)).toEqual([{ noise: 0 }, { noise: 0.1 }]);
    expect(runDirs(dir, 'walk').map((run) => progressOf(run)[0]!['place'])[0]).toBe('7');
    expect(stderr).toContain('drift is not swept: an override sets it.');
  });

  test('runs all first repeats before any second one', async ({ dir }) => {
    await sweep(dir, 'drift=1,2,3', '--repeats', '2', 'steps=1');

    const places = runDirs(dir, 'walk')
      .map(manifestOf)
      .map(({ sweep }) => [sweep.repeat, sweep.variant.drift] as unknown);
    expect(places).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 1],
      [1, 2],
      [1, 3],
    ]);
    expect(sweepOf(dir, 'walk').plan['runs'].map((run: { id: string }) => run.id)).toEqual(
      runDirs(dir, 'walk').map((run) => manifestOf(run)['id'] as string),
    );
  });

  test('gives a repeat one seed in all variants, and every repeat another', async ({ dir }) => {
    await sweep(dir, 'drift=1,2', '--repeats', '3', 'steps=1');

    const seeds = runDirs(dir, 'walk').map((run) => manifestOf(run)['seed'] as number);
    const [first, second, third] = [seeds.slice(0, 2), seeds.slice(2, 4), seeds.slice(4)];
    for (const [a, b] of [first, second, third]) expect(a).toBe(b);
    expect(new Set(seeds).size).toBe(3);
  });

  test('gives the same metrics again under the same --seed', async ({ dir }) => {
    const args = ['drift=1,2', 'noise=1', '--repeats', '2', '--seed', '42'];
    await sweep(`${dir}/a`, ...args);
    await sweep(`${dir}/b`, ...args);

    expect(metricsOf(`${dir}/a`)).toEqual(metricsOf(`${dir}/b`));
    expect(metricsOf(`${dir}/a`)[0]).not.toEqual(metricsOf(`${dir}/a`)[2]);
    expect(runDirs(`${dir}/a`, 'walk').map((run) => manifestOf(run)['seed'] as number)[0]).toBe(42);
  });

  test('draws random points, the same ones under the same --seed', async ({ dir }) => {
    const args = ['noise=interval(0,1)', 'drift=int(interval(1,5))', '--samples', '3', 'steps=1'];
    await sweep(`${dir}/a`, ...args, '--seed', '3');
    await sweep(`${dir}/b`, ...args, '--seed', '3');

    const variants = variantsOf(`${dir}/a`) as { noise: number; drift: number }[];
    expect(variants).toHaveLength(3);
    expect(variants.every(({ drift }) => Number.isInteger(drift) && drift >= 1 && drift <= 5)).toBe(
      true,
    );
    expect(variantsOf(`${dir}/b`)).toEqual(variants);
  });

  test('runs what an axes file lists', async ({ dir }) => {
    writeFileSync(
      `${dir}/axes.yaml`,
      'levels: [{ drift: [1, 2], noise: [0, 1] }]\naxes: { seed: [3] }\nrepeats: 2\n',
    );
    await sweep(`${dir}/runs`, '--axes', `${dir}/axes.yaml`, 'steps=1');

    const variants = [
      { seed: 3, drift: 1, noise: 0 },
      { seed: 3, drift: 2, noise: 1 },
    ];
    expect(variantsOf(`${dir}/runs`)).toEqual([...variants, ...variants]);
  });

  test('sweeps over seeds', async ({ dir }) => {
    await sweep(dir, 'seed=7,8', 'drift=1', 'noise=1', 'steps=1');

    expect(runDirs(dir, 'walk').map((run) => manifestOf(run)['seed'] as number)).toEqual([7, 8]);
    expect(variantsOf(dir)).toEqual([{ seed: 7 }, { seed: 8 }]);
  });

  test('checks every config before the first run starts', async ({ dir }) => {
    const { code, stderr } = await sweep(dir, 'noise=1,2,3,4,5,6,7,8,9,11', 'steps=1');

    expect(code).toBe(2);
    expect(stderr).toBe(
      'Error: Config "noise": Too big: expected number to be <=10, got 11 (variant noise=11)\n',
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  test('starts beside other sweeps of the same root', async ({ dir }) => {
    const ends = await Promise.all([1, 2, 3].map(() => sweep(dir, 'drift=1,2', 'steps=1')));

    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(readdirSync(`${dir}/walk/sweeps`)).toHaveLength(3);
    expect(runDirs(dir, 'walk').map((run) => manifestOf(run)['status'] as string)).toEqual(
      Array.from({ length: 6 }, () => 'completed'),
    );
  });
});

function sweep(root: string, ...args: string[]): Promise<Finished> {
  return runExp([FILE, '--sweep', '--root', root, ...args]);
}

function variantsOf(root: string): unknown[] {
  return runDirs(root, 'walk').map((run) => manifestOf(run)['sweep'].variant as unknown);
}

/** The rows of every run, without their times: only those differ from run to run. */
function metricsOf(root: string): unknown[] {
  return runDirs(root, 'walk').map((run) =>
    progressOf(run).map(({ step, place }) => [step, place]),
  );
}

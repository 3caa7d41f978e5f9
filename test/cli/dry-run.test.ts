import { stripVTControlCharacters } from 'node:util';
import { describe, expect } from 'vitest';
import { dryRunText } from '../../src/cli/dry-run.ts';
import { planSweep } from '../../src/experiment/plan.ts';
import { definitionOf } from '../helpers/planned.ts';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp } from '../helpers/run-exp.ts';
import { test } from '../helpers/temp-dir.ts';

const LINE = ['walk/main.ts', '--sweep', '--dry-run'];

describe('run-exp --sweep --dry-run', () => {
  test('prints the plan and writes nothing', async ({ dir }) => {
    makeProject(dir, 'walk');
    const before = treeOf(dir);

    const line = [...LINE, 'drift=1,2', 'noise=0,0.5', '--repeats', '2', '--slots', '1'];
    const { code, stdout, stderr } = await runExp([...line, '--seed', '4'], { cwd: dir });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.replace(/CPU .*/, 'CPU …')).toBe(`\
walk  4 variants of drift × noise × 2 repeats, 1 at once  dry run: nothing is written

variant  drift  noise  runs  name
1        1      0      2     drift=1_noise=0
2        1      0.5    2     drift=1_noise=0.5
3        2      0      2     drift=2_noise=0
4        2      0.5    2     drift=2_noise=0.5

total   8 runs
order   every variant once, then every variant again
slot 0  CPU …
`);
    expect(treeOf(dir)).toEqual(before);
  });

  test('says by which seed a random sweep can be had again', async ({ dir }) => {
    makeProject(dir, 'walk');
    const line = [...LINE, 'noise=interval(0,1)', '--samples', '3'];

    const { stdout } = await runExp(line, { cwd: dir });
    const [, seed] = /--seed (\d+) makes this very sweep/.exec(stdout)!;
    const again = await runExp([...line, '--seed', seed!], { cwd: dir });

    const variants = (text: string): string[] => text.match(/noise=[\d.]+$/gm) ?? [];
    expect(variants(stdout)).toHaveLength(3);
    expect(variants(again.stdout)).toEqual(variants(stdout));
  });

  test('prints JSON, also in ghost mode, and writes nothing', async ({ dir }) => {
    makeProject(dir, 'walk');
    const before = treeOf(dir);

    const line = [...LINE, 'drift=7', '--repeats', '2', '--slots', '2', '--seed', '4'];
    const { stdout } = await runExp([...line, '--json', '--ghost'], { cwd: dir });

    expect(JSON.parse(stdout)).toEqual({
      experiment: 'walk',
      command: 'main',
      keys: ['noise'],
      repeats: 2,
      total: 4,
      skipped: 0,
      notes: ['drift is not swept: an override sets it.'],
      slots: [expect.objectContaining({ index: 0 }), expect.objectContaining({ index: 1 })],
      variants: [
        { name: 'noise=0', values: { noise: 0 }, runs: 2 },
        { name: 'noise=0.1', values: { noise: 0.1 }, runs: 2 },
      ],
      runs: [
        { variant: 0, repeat: 0, seed: 4 },
        { variant: 1, repeat: 0, seed: 4 },
        { variant: 0, repeat: 1, seed: expect.any(Number) },
        { variant: 1, repeat: 1, seed: expect.any(Number) },
      ],
    });
    expect(treeOf(dir)).toEqual(before);
  });

  test('leaves out what has completed before, as the sweep would', async ({ dir }) => {
    makeProject(dir, 'walk');
    const values = ['noise=0', 'steps=1', '--seed', '4'];
    await runExp(['walk/main.ts', '--sweep', 'drift=1,2', ...values], { cwd: dir });
    const before = treeOf(dir);

    const { stdout } = await runExp([...LINE, ...values, 'drift=1,2,3', '--skip-existing'], {
      cwd: dir,
    });

    expect(stdout).toContain('total   1 run; 2 of 3 completed before');
    expect(treeOf(dir)).toEqual(before);
  });

  test.for([60, 100])('fits into %i columns', async (columns) => {
    const long = Array.from({ length: 12 }, (_, i) => i);
    const definition = definitionOf({ sweep: { list: [long, [1]], a: [1], b: [2], c: [3] } });
    const planned = await planSweep(definition, { root: '/r', seed: 1 });
    const slots = [{ index: 0, cpus: [0, 1, 2, 5], gpus: ['0', '1'] }];

    const text = dryRunText({ planned, left: planned.runs.slice(1), slots }, columns);

    const lines = stripVTControlCharacters(text).split('\n');
    expect(Math.max(...lines.slice(1).map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines).toContain('total   1 run; 1 of 2 completed before');
    expect(lines).toContain('slot 0  CPU 0-2,5, GPU 0,1');
  });
});

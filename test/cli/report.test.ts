import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Manifest } from '../../src/core/manifest.ts';
import { runDir, sweepDir } from '../../src/core/layout.ts';
import { decodeCsv } from '../../src/formats/csv.ts';
import { createSweep } from '../../src/store/sweep-files.ts';
import { readResults } from '../../src/sweeper/plan-results.ts';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, runDirs, sweepOf } from '../helpers/stored.ts';
import { MAXIMIZE, planOf } from '../helpers/sweep-state.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/walk/main.ts';

describe('run-exp report', () => {
  test('shows of a sweep that is over what its end has shown, and counts statuses', async ({
    dir,
  }) => {
    const axes = ['drift=0,1,2', 'throwAt=1', 'steps=3', '--repeats', '2', '--root', dir];
    const swept = await runExp([FILE, '--sweep', ...axes]);

    const { code, stdout } = await runExp(['report', 'last', '--root', dir]);

    const [title, statuses, , ...table] = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(title).toMatch(/^walk {2}3 variants of drift × 2 repeats {2}sweep \w{6}$/);
    expect(statuses).toBe('4 completed · 2 failed');
    expect(swept.stdout).toContain(table.slice(0, 4).join('\n'));
  });

  test('has all formats of the table, for runs that are there and runs that are not', async ({
    dir,
  }) => {
    await runExp([FILE, '--sweep', 'drift=0,1', 'steps=3', '--repeats', '1', '--root', dir]);
    rmSync(runDirs(dir, 'walk')[1]!, { recursive: true });
    const report = async (...args: string[]): Promise<string> =>
      (await runExp(['report', 'last', '--root', dir, ...args])).stdout;

    const csv = decodeCsv(await report('--table', 'csv'));
    expect(csv.map(({ drift, n }) => [drift, n])).toEqual([
      ['0', '1'],
      ['1', '0'],
    ]);
    expect(await report('--table', 'markdown')).toMatch(/^\| drift \| .*\n\| ----- .*\n\| 0 /);
    const json = JSON.parse(await report('--json')) as Record<string, any>;
    expect(json['statuses']).toEqual({ completed: 1, waiting: 1 });
    const [run] = runDirs(dir, 'walk');
    expect(json['variants'][0].runs[0].id).toBe(manifestOf(run!)['id']);
    expect(await report('--table', 'json')).toBe(await report('--json'));
    expect(await report()).toContain('1 variant without a run that has ended');
  });

  test('finds a sweep by path, wherever it has been copied to', async ({ dir }) => {
    await runExp([FILE, '--sweep', 'drift=0,1', 'steps=3', '--root', dir]);
    const { plan } = sweepOf(dir, 'walk');
    const path = sweepDir(dir, 'walk', plan['id'] as string);

    const { stdout, code } = await runExp(['report', path, '--json'], { cwd: dir });

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ sweep: basename(path) });
  });

  test('names the sweep that is meant', async ({ dir }) => {
    await runExp([FILE, '--sweep', 'drift=0', '--repeats', '2', 'steps=3', '--root', dir]);

    const { code, stderr } = await runExp(['report', 'nope', '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toContain('No sweep "nope"');
  });

  test('of thousands of runs has all of them', ({ dir }) => {
    const variants = Array.from({ length: 1000 }, (_, lr) => ({ lr }));
    const planned = planOf(variants, { repeats: 2, objective: MAXIMIZE });
    const runs = planned.runs.map((spec) => ({ ...spec, dir: runDir(dir, 'toy', spec.id) }));
    const plan = { ...planned, runs };
    const at = sweepDir(dir, 'toy', plan.id);
    mkdirSync(join(dir, 'toy/sweeps'), { recursive: true });
    createSweep(at, plan);
    for (const spec of runs) {
      mkdirSync(spec.dir);
      writeFileSync(join(spec.dir, 'run.json'), manifestText(spec.id));
    }

    const results = readResults(at);

    expect(results.runs.filter(({ value }) => value === 0.5)).toHaveLength(2000);
  });
});

function manifestText(id: string): string {
  const manifest: Partial<Manifest> = {
    format: 1,
    id,
    experiment: 'toy',
    status: 'completed',
    objective: { ...MAXIMIZE, value: 0.5 },
    summary: Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`metric/${i}`, i])),
    attempts: [],
  };
  return JSON.stringify(manifest);
}

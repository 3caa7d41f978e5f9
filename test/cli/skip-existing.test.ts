import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { makeProject, treeOf } from '../helpers/project.ts';
import { runExp, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test as base } from '../helpers/temp-dir.ts';

const FILE = 'configs/main.ts';

const test = base.extend<{ type: (line: string) => Promise<Finished>; runs: () => string[] }>({
  type: async ({ dir }, use) => {
    makeProject(dir, 'configs');
    await use((line) => runExp([FILE, ...line.split(' ')], { cwd: dir }));
  },
  runs: async ({ dir }, use) => {
    await use(() => runDirs(join(dir, 'runs'), 'configs'));
  },
});

function idOf(dir: string): string {
  return manifestOf(dir)['id'] as string;
}

describe('run-exp FILE --skip-existing', () => {
  test('runs nothing where the config has completed, and says so on stderr', async ({
    dir,
    type,
    runs,
  }) => {
    await type('epochs=40');
    const before = treeOf(dir);

    const again = await type('--skip-existing with=big net.layers=[64,32] epochs=40');
    const quiet = await type('--skip-existing epochs=40 --quiet');

    expect(again).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr: `skipped  this config completed before: ${idOf(runs()[0]!)}\n`,
    });
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(treeOf(dir)).toEqual(before);
  });

  test('runs another config, and another command', async ({ type, runs }) => {
    await type('--quiet epochs=40');

    await type('--quiet --skip-existing epochs=41');
    await type('--quiet --skip-existing evaluate epochs=40');

    expect(runs()).toHaveLength(3);
  });

  test('counts completed runs only', async ({ type, runs }) => {
    await type('--quiet epochs=40');
    const path = join(runs()[0]!, 'run.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as object;
    const statuses = ['failed', 'interrupted', 'timeout', 'running'];

    for (const [i, status] of statuses.entries()) {
      writeFileSync(path, JSON.stringify({ ...manifest, status })); // running, and gone: lost
      const { code, stderr } = await type('--skip-existing epochs=40');

      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^run {2}/) });
      expect(runs()).toHaveLength(i + 2);
      for (const other of runs().slice(1)) {
        const mended = { ...manifestOf(other), status: 'failed' };
        writeFileSync(join(other, 'run.json'), JSON.stringify(mended));
      }
    }
  });

  test.for(['--seed 7', 'seed=7'])(
    'counts a seed that was chosen: %s',
    async (seed, { type, runs }) => {
      await type('--quiet'); // with a random one

      await type(`--quiet --skip-existing ${seed}`);
      expect(runs()).toHaveLength(2);

      await type(`--quiet --skip-existing ${seed}`);
      await type('--quiet --skip-existing');
      expect(runs()).toHaveLength(2);
    },
  );

  test('leaves out the runs of a sweep that completed, and runs the others', async ({
    dir,
    type,
    runs,
  }) => {
    await type('--quiet lr=0.1 epochs=10');

    const sweep = await type('--sweep --skip-existing');
    const before = treeOf(dir);
    const again = await type('--sweep --skip-existing');

    expect(sweep).toMatchObject({ code: 0 });
    expect(sweep.stderr).toContain('skipped  1 of 4 completed before\n');
    expect(runs()).toHaveLength(4);
    expect(again).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr: 'skipped  all 4 runs of the sweep completed before\n',
    });
    expect(treeOf(dir)).toEqual(before);
  });

  test('counts repeats: two of three wanted leave one to run', async ({ type, runs }) => {
    await type('--quiet --sweep lr=0.1,0.2 --repeats 2');
    const before = runs();

    const { stderr } = await type('--sweep lr=0.1,0.2 --repeats 3 --skip-existing --fail-fast');

    expect(stderr).toContain('skipped  4 of 6 completed before\n');
    const added = runs()
      .slice(before.length)
      .map((run) => manifestOf(run)['sweep'] as { variant: object; repeat: number });
    expect(added).toMatchObject([
      { variant: { lr: 0.1 }, repeat: 2 },
      { variant: { lr: 0.2 }, repeat: 2 },
    ]);
  });

  test('counts the seeds of a sweep over them', async ({ type, runs }) => {
    await type('--quiet --sweep seed=1,2');

    const { stderr } = await type('--sweep seed=2,3 --skip-existing');

    expect(stderr).toContain('skipped  1 of 2 completed before\n');
    expect(runs().map((run) => manifestOf(run)['seed'] as number)).toEqual([1, 2, 3]);
  });

  test('runs again what failed in a sweep', async ({ type, runs }) => {
    const first = await type('--quiet --sweep fails=true,false');

    const second = await type('--quiet --sweep fails=true,false --skip-existing');

    expect([first.code, second.code]).toEqual([1, 1]);
    expect(runs().map((run) => manifestOf(run)['status'] as string)).toEqual([
      'failed',
      'completed',
      'failed',
    ]);
  });
});

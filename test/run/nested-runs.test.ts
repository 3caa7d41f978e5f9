import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import {
  experiment,
  listArtifacts,
  logger,
  openRun,
  resumeRun,
  type Run,
} from '../../src/index.ts';
import { listRunDirs } from '../../src/store/find-runs.ts';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const Config = z.object({ n: z.number().default(0) });

const child = experiment(
  { name: 'child', config: Config, sinks: ['csv'] },
  async (run: Run<{ n: number }>) => {
    for (let step = 0; step < 5; step++) {
      await turn();
      logger.prefix(`p${run.config.n}`, () => logger.log({ n: run.config.n }, { step }));
    }
    await run.save(run.config.n, 'n.json');
    return { n: run.config.n, seed: run.seed };
  },
);

const patient = experiment({ name: 'patient', sinks: [] }, async (run) => {
  while (!run.signal.aborted) await delay(5);
});

const failing = experiment({ name: 'failing', sinks: [] }, () => {
  throw new Error('no luck');
});

const inParent = (root: string, work: (run: Run<object>) => unknown): Promise<Run<object>> =>
  openRun({ name: 'parent', root, sinks: [] }, work);

describe('run.start', () => {
  test('derives the seeds of its children from its own, whatever their order of ending', async ({
    dir,
  }) => {
    const seedsOf = async (seed: number): Promise<unknown> => {
      const { result } = await openRun(
        { name: 'parent', root: dir, sinks: [], seed },
        async (run) => {
          const starts = [1, 2, 3].map((n) => run.start(child, { n }));
          run.result = (await Promise.all(starts)).map((one) => one.seed);
        },
      );
      return result;
    };
    const [one, again, other] = [await seedsOf(1), await seedsOf(1), await seedsOf(2)];

    expect(one).toEqual(again);
    expect(new Set([...(one as number[]), ...(other as number[])]).size).toBe(6);
  });

  test('gives a run of its own that knows its parent, as its parent knows it', async ({ dir }) => {
    const parent = await inParent(dir, async (run) => {
      const one = await run.start(child, { n: 1 }, { seed: 5 });
      const two = await run.start(child, { n: 2 });
      expect(one.result).toEqual({ n: 1, seed: 5 });
      logger.log({ after: 1 }); // goes to the outer run again
      run.result = [one.id, two.id];
    });
    const ids = parent.result as string[];

    expect(manifestOf(parent.dir)).toMatchObject({ children: ids, status: 'completed' });
    for (const id of ids) {
      expect(manifestOf(join(dir, 'child', id))).toMatchObject({ parent: parent.id });
    }
    expect(parent.summary).toEqual({ after: 1 });
    expect((await runExp(['show', 'last', '--root', dir])).stdout).toContain(parent.id);
    const shown = await runExp(['show', parent.id, '--root', dir]);
    expect(shown.stdout).toContain(ids[1]);
    const listed = await runExp(['ls', '--root', dir]);
    expect(listed.stdout.split(`in ${parent.id.slice(-6)}`)).toHaveLength(3);
    expect(
      JSON.parse((await runExp(['ls', 'child', '--root', dir, '--json'])).stdout),
    ).toMatchObject([{ parent: parent.id }, { parent: parent.id }]);
  });

  test('is the same wherever its run is at hand, and from a run that was opened', async ({
    dir,
  }) => {
    let outer!: Run<object>;
    const inner = await inParent(dir, async (run) => {
      outer = run;
      await openRun({ name: 'other', root: dir, sinks: [] }, async (other) => {
        expect(manifestOf(other.dir)).toMatchObject({ parent: run.id });
        run.result = await run.start(child).then(({ dir }) => dir);
      });
    });

    expect(manifestOf(inner.result as string)).toMatchObject({ parent: outer.id });
    await expect(outer.start(child)).rejects.toThrow(`The run ${outer.id} is over`);
  });

  test('keeps 20 runs of one experiment at once apart', async ({ dir }) => {
    const parent = await inParent(dir, async (run) => {
      const numbers = Array.from({ length: 20 }, (_, n) => n);
      const runs = await Promise.all(
        numbers.map((n) => run.start(child, { n }, { seed: 100 + n })),
      );
      runs.forEach((one, n) => {
        expect(one.result).toEqual({ n, seed: 100 + n });
        expect(one.summary).toEqual({ [`p${n}/n`]: n });
        const rows = progressOf(one.dir);
        expect(rows.map((row) => row[`p${n}/n`])).toEqual(Array(5).fill(String(n)));
        expect(Object.keys(rows[0]!)).toEqual(['step', 'wall_time', 'elapsed', `p${n}/n`]);
        expect(listArtifacts(one.dir)).toMatchObject([{ file: 'files/n.json' }]);
      });
    });

    expect(new Set(manifestOf(parent.dir)['children'])).toHaveLength(20);
    expect(listArtifacts(parent.dir)).toEqual([]);
  });

  test('rejects as the run fails; its parent goes on if it likes', async ({ dir }) => {
    const parent = await inParent(dir, async (run) => {
      await expect(run.start(failing)).rejects.toThrow('no luck');
    });
    expect(parent.status).toBe('completed');

    await expect(inParent(dir, (run) => run.start(failing))).rejects.toThrow('no luck');
  });

  test('a run that is resumed knows those that an earlier attempt started', async ({ dir }) => {
    let attempt = 0;
    const parent = experiment({ name: 'resumed-parent', sinks: [] }, async (run) => {
      await run.restore();
      await run.start(child, { n: ++attempt });
      await run.checkpoint({});
      if (attempt === 1) throw new Error('crash');
    });
    await expect(parent.run({}, { root: dir })).rejects.toThrow('crash');

    const { dir: runDir } = await resumeRun(parent, runDirs(dir, 'resumed-parent')[0]!);

    const ids = runDirs(dir, 'child').map((one) => basename(one));
    expect(manifestOf(runDir)['children']).toEqual(ids);
    expect(ids).toHaveLength(2);
  });

  test('a run ends with its parent at the latest', async ({ dir }) => {
    let forgotten!: Promise<Run>;
    const parent = await inParent(dir, async (run) => {
      forgotten = run.start(patient);
      while (manifestOf(run.dir)['children'] === undefined) await turn();
    });

    expect(parent.status).toBe('completed');
    expect(manifestOf((await forgotten).dir)).toMatchObject({
      status: 'interrupted',
      stopReason: 'its parent run ended first',
    });
  });

  test('is aborted with its parent', async ({ dir }) => {
    let started!: Promise<Run>;
    await expect(
      inParent(dir, async (run) => {
        started = run.start(patient);
        while (manifestOf(run.dir)['children'] === undefined) await turn();
        run.fail(new Error('no more'));
        expect(manifestOf((await started).dir)).toMatchObject({
          status: 'interrupted',
          stopReason: 'its parent run ends',
        });
      }),
    ).rejects.toThrow('no more');
  });

  test('of a ghost run is a ghost run', async ({ dir }) => {
    const parent = await openRun(
      { name: 'parent', root: dir, ghost: true, sinks: [] },
      async (run) => {
        const one = await run.start(child, { n: 3 });
        expect(one).toMatchObject({ ghost: true, result: { n: 3 } });
        expect(existsSync(one.dir)).toBe(false);
      },
    );

    expect(existsSync(parent.dir)).toBe(false);
    expect(listRunDirs(dir)).toEqual([]);
  });
});

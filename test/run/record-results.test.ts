import { describe, expect } from 'vitest';
import { experiment } from '../../src/index.ts';
import { resumeRun } from '../../src/experiment/resume-run.ts';
import { openRun } from '../../src/run/open-run.ts';
import type { Run } from '../../src/run/run.ts';
import { manifestOf } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

describe('recordResults', () => {
  test('keeps results in the manifest at once, and adds what main returns', async ({ dir }) => {
    const options = { name: 'toy', root: dir, sinks: [] };
    const onTheWay: unknown[] = [];

    const run = await openRun(options, (run: Run) => {
      run.recordResults({ loss: 1, early: NaN });
      onTheWay.push(manifestOf(run.dir)['result']);
      run.recordResults({ late: 2 });
      onTheWay.push(manifestOf(run.dir)['result'], manifestOf(run.dir)['status']);
      return { loss: 0.5 };
    });

    const all = { loss: 1, early: 'nan', late: 2 };
    expect(onTheWay).toEqual([{ loss: 1, early: 'nan' }, all, 'running']);
    expect(manifestOf(run.dir)['result']).toEqual({ ...all, loss: 0.5 });
  });

  test('keeps what a run has recorded that fails', async ({ dir }) => {
    let failed = '';
    const failing = openRun({ name: 'toy', root: dir, sinks: [] }, (run: Run) => {
      failed = run.dir;
      run.recordResults({ early: 1 });
      throw new Error('no luck');
    });

    await expect(failing).rejects.toThrow('no luck');
    expect(manifestOf(failed)).toMatchObject({ status: 'failed', result: { early: 1 } });
  });

  test('is refused by a run that is over: another attempt may have it by now', async ({ dir }) => {
    const run = await openRun({ name: 'toy', root: dir, sinks: [] }, () => ({ a: 1 }));

    expect(() => run.recordResults({ a: 2 })).toThrow('is over: it takes no results.');
    expect(manifestOf(run.dir)['result']).toEqual({ a: 1 });
  });

  test('goes on with a run that is resumed: what main returns is added to all of it', async ({
    dir,
  }) => {
    let attempt = 0;
    const toy = experiment({ name: 'recorded-twice', sinks: [] }, async (run) => {
      attempt++;
      await run.restore();
      if (attempt === 1) {
        run.recordResults({ first: 1, both: 1 });
        await run.checkpoint({});
        run.recordResults({ void: 1 });
        throw new Error('crash');
      }
      run.recordResults({ both: 2 });
      return { last: 3 };
    });
    await expect(toy.run({}, { root: dir })).rejects.toThrow('crash');

    const { result, dir: runDir } = await resumeRun(toy, 'last', { root: dir });

    expect(result).toEqual({ first: 1, both: 2, last: 3 });
    expect(manifestOf(runDir)['result']).toEqual(result);
  });

  test.for([
    [{ a: 1 }, 0.9, { a: 1, result: 0.9 }],
    [{ a: 1 }, null, { a: 1, result: null }],
    [{ a: 1 }, undefined, { a: 1 }],
    [undefined, 0.9, 0.9],
    [undefined, undefined, undefined],
    [{ result: 1 }, [2], { result: [2] }],
  ] as const)(
    'of %j before %j is returned makes %j',
    async ([recorded, returned, all], { dir }) => {
      const run = await openRun({ name: 'toy', root: dir, sinks: [] }, (run: Run) => {
        if (recorded !== undefined) run.recordResults(recorded);
        return returned;
      });

      expect(manifestOf(run.dir)['result']).toEqual(all);
    },
  );
});

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { experiment, findRuns, loadRun, logger, openRun, type Run } from '../../src/index.ts';
import { test as base } from '../helpers/temp-dir.ts';

/** A run with every kind of value, in a root of its own. */
const test = base.extend<{ run: Run<object> }>({
  run: async ({ dir }, use) => {
    const options = { name: 'loaded', config: { lr: 0.1 }, root: dir, seed: 7, comment: 'first' };
    const run = await openRun(options, (run) => {
      logger.log({ loss: 0.1 + 0.2, note: 'a "b", c\nd', fine: true, hex: '0x1f' }, { step: 0 });
      logger.log({ loss: Number.NaN, big: 2n ** 70n }, { step: 1 });
      logger.prefix('eval', () => logger.log({ accuracy: -Infinity }, { step: 1 }));
      logger.log({ loss: -0, large: 1e21 }, { step: 5 });
      logger.prefix('look', () => logger.text('hello', 'there'));
      run.result = { loss: Number.POSITIVE_INFINITY };
    });
    await use(run);
  },
});

describe('loadRun', () => {
  test('gives what was asked for and what came out', async ({ dir, run }) => {
    const loaded = await loadRun(run.id, { root: dir });

    expect(loaded).toMatchObject({
      id: run.id,
      dir: run.dir,
      experiment: 'loaded',
      status: 'completed',
      seed: 7,
      overrides: [],
      config: { lr: 0.1 },
      result: { loss: 'inf' },
      variant: {},
      checkpoints: [],
    });
    expect(loaded.parent).toBeUndefined();
    expect(loaded.manifest.comment).toBe('first');
    expect(loaded.attempts).toHaveLength(1);
    expect(loaded.environment?.node.version).toBe(process.version);
  });

  test('finds it by a part of its id, its path, or as the last', async ({ dir, run }) => {
    for (const name of [run.id.slice(-6), run.dir, 'last']) {
      expect((await loadRun(name, { root: dir })).id).toBe(run.id);
    }
  });

  test('gives rows with every value as it was logged', async ({ dir, run }) => {
    const { metrics } = await loadRun(run.id, { root: dir }).then((one) => ({
      metrics: one.metrics(),
    }));

    const logged = metrics.map(({ wall_time, elapsed, ...row }) => {
      expect([typeof wall_time, typeof elapsed]).toEqual(['number', 'number']);
      return row;
    });
    const none = {
      hex: null,
      loss: null,
      note: null,
      fine: null,
      big: null,
      'eval/accuracy': null,
    };
    expect(logged).toEqual([
      {
        ...none,
        large: null,
        step: 0,
        loss: 0.1 + 0.2,
        note: 'a "b", c\nd',
        fine: true,
        hex: '0x1f',
      },
      { ...none, large: null, step: 1, loss: Number.NaN, big: 2n ** 70n },
      { ...none, large: null, step: 1, 'eval/accuracy': -Infinity },
      { ...none, step: 5, loss: -0, large: 1e21 },
    ]);
  });

  test('gives one metric over its steps', async ({ dir, run }) => {
    const loaded = await loadRun(run.id, { root: dir });

    const { steps, values, wallTimes } = loaded.metrics('loss');
    expect({ steps, values }).toEqual({ steps: [0, 1, 5], values: [0.1 + 0.2, Number.NaN, -0] });
    expect(wallTimes).toHaveLength(3);
    expect(loaded.metrics('eval/accuracy')).toMatchObject({ steps: [1], values: [-Infinity] });
    expect(loaded.summary).toMatchObject({ large: 1e21, 'eval/accuracy': -Infinity });
  });

  test('lists what the run has kept as files', async ({ dir, run }) => {
    mkdirSync(join(run.dir, 'files/.making-abc'), { recursive: true });
    writeFileSync(join(run.dir, 'files/.making-abc/half'), '');
    writeFileSync(join(run.dir, 'files/whole'), '');

    const { artifacts } = await loadRun(run.id, { root: dir });

    const names = artifacts.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('files/'))).toEqual(['files/whole']);
    const file = artifacts.find(({ name }) => name.startsWith('artifacts/look/hello/'))!;
    expect(file.bytes).toBe(statSync(file.path).size);
  });

  test('reads rows of JSON lines where there is no CSV', async ({ dir }) => {
    const work = (): void => {
      logger.log({ loss: Number.NaN });
      logger.log({ other: 2 });
    };
    const run = await openRun({ name: 'lines', root: dir, sinks: ['jsonl'] }, work);

    const loaded = await loadRun(run.id, { root: dir });

    expect(loaded.metrics('loss').values).toEqual([Number.NaN]);
    expect([...loaded.rows()]).toHaveLength(2);
  });

  test('reads the config as the experiment, or a schema, has it', async ({ dir }) => {
    const schema = z.object({ since: z.date(), most: z.bigint(), lr: z.number().default(1) });
    const timed = experiment({ name: 'timed', config: schema }, () => {});
    const since = new Date('2026-01-31T12:00:00Z');
    const run = await timed.run({ since, most: 2n ** 70n }, { root: dir });

    const loaded = [
      await loadRun(timed, run.id, { root: dir }),
      await loadRun(run.id, { root: dir, schema }),
    ];

    for (const { config } of loaded) expect(config).toEqual({ since, most: 2n ** 70n, lr: 1 });
  });

  test('shows a run that is under way, with the rows it has', async ({ dir }) => {
    const during = await openRun({ name: 'now', root: dir, flushInterval: 0 }, async (run) => {
      logger.log({ loss: 3 });
      const { status, summary } = await loadRun(run.id, { root: dir });
      run.result = { status, summary };
    });

    expect(during.result).toEqual({ status: 'running', summary: { loss: 3 } });
  });

  test('writes nothing', async ({ dir, run }) => {
    const times = (): number[] =>
      readdirSync(run.dir).map((name) => statSync(join(run.dir, name)).mtimeMs);
    const before = times();

    const loaded = await loadRun('last', { root: dir });
    loaded.metrics();

    expect([times(), loaded.artifacts.length > 0]).toEqual([before, true]);
  });
});

describe('loadRun refuses', () => {
  test('a run that is not there, with the nearest', async ({ dir, run }) => {
    await expect(loadRun(`${run.id}x`, { root: dir })).rejects.toMatchObject({
      code: 'EXP_USAGE',
      message: expect.stringContaining(`Did you mean "${run.id}"?`),
    });
  });

  test('a metric that was not logged, with the nearest', async ({ dir, run }) => {
    const loaded = await loadRun(run.id, { root: dir });

    expect(() => loaded.metrics('eval/acuracy')).toThrow(
      `The run ${run.id} has no metric "eval/acuracy". Did you mean "eval/accuracy"?`,
    );
  });

  test('a checkpoint of a run that has none', async ({ dir, run }) => {
    const loaded = await loadRun(run.id, { root: dir });

    await expect(loaded.checkpoint()).rejects.toMatchObject({
      code: 'EXP_CHECKPOINT',
      message: expect.stringContaining('has no checkpoint'),
    });
  });

  test('a damaged manifest', async ({ dir, run }) => {
    writeFileSync(join(run.dir, 'run.json'), '{');

    await expect(loadRun(run.id, { root: dir })).rejects.toMatchObject({ code: 'EXP_FILE' });
  });
});

describe('findRuns', () => {
  test('gives runs by experiment and status, oldest first', async ({ dir, run }) => {
    const work = (): void => {
      throw new Error('no');
    };
    await openRun({ name: 'loaded', root: dir }, work).catch(() => {});
    await openRun({ name: 'other', root: dir }, () => {});

    const ids = async (given: object): Promise<string[]> =>
      (await findRuns({ root: dir, ...given })).map(({ experiment, status }) =>
        [experiment, status].join(' '),
      );

    expect(await ids({})).toEqual(['loaded completed', 'loaded failed', 'other completed']);
    expect(await ids({ experiment: 'loaded', status: 'completed' })).toEqual(['loaded completed']);
    expect(basename(run.dir)).toBe(run.id);
  });
});

import { join } from 'node:path';
import { describe, expect, test as plain, vi } from 'vitest';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { logger, openRun, runExperiment, type StopOnNaN } from '../../src/index.ts';
import { makeProject } from '../helpers/project.ts';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

const MESSAGE = 'The metric "train/loss" is nan at step 2; stopOnNaN ends the run.';

/** What a run that logs by `work` comes to, and what it throws. */
async function guarded(root: string, stopOnNaN: StopOnNaN, work: () => void) {
  const options = { name: 'guarded', root, sinks: ['csv' as const], stopOnNaN };
  const thrown = await openRun(options, work).then(
    () => undefined,
    (error: unknown) => error,
  );
  const [dir] = runDirs(root, 'guarded');
  return { thrown, manifest: manifestOf(dir!), rows: progressOf(dir!) };
}

describe('a metric that is NaN', () => {
  test('ends the run as failed, once its row is written', async ({ dir }) => {
    const { thrown, manifest, rows } = await guarded(dir, ['train/loss'], () => {
      for (let i = 0; ; i++) {
        logger.prefix('train', () => logger.log({ loss: i < 2 ? i : Number.NaN, i }));
      }
    });

    expect(thrown).toMatchObject({ code: 'EXP_NAN', message: MESSAGE });
    expect(manifest).toMatchObject({
      status: 'failed',
      stopReason: MESSAGE,
      error: { code: 'EXP_NAN' },
      summary: { 'train/loss': 'nan', 'train/i': 2 },
    });
    expect(rows.map((row) => row['train/loss'])).toEqual(['0', '1', 'nan']);
  });

  test('ends it when a recorded row is dumped', async ({ dir }) => {
    const { manifest, rows } = await guarded(dir, ['a'], () => {
      logger.record('a', Number.NaN);
      logger.record('b', 1);
      logger.dump({ step: 7 });
      logger.log({ b: 2 });
    });

    expect(manifest['stopReason']).toBe('The metric "a" is nan at step 7; stopOnNaN ends the run.');
    expect(rows).toHaveLength(1);
  });

  test('fails a run that ends with it in its pending row', async ({ dir }) => {
    const { thrown, manifest, rows } = await guarded(dir, true, () => {
      logger.record('a', Number.NaN);
      logger.child('other').record('b', 1);
    });

    expect(thrown).toMatchObject({ code: 'EXP_NAN' });
    expect(manifest['status']).toBe('failed');
    expect(rows).toHaveLength(2);
  });

  test('fails a run that catches the error', async ({ dir }) => {
    const { manifest, rows } = await guarded(dir, true, () => {
      expect(() => logger.log({ a: Number.NaN })).toThrow('"a" is nan at step 0');
      logger.log({ a: 1 });
    });

    expect(manifest).toMatchObject({ status: 'failed', error: { code: 'EXP_NAN' } });
    expect(rows).toHaveLength(2);
  });

  test('is let pass where others are watched, and so are infinities', async ({ dir }) => {
    const { manifest } = await guarded(dir, ['a'], () => {
      logger.log({ a: -Infinity, b: Number.NaN, c: 'NaN', d: new Date(Number.NaN) });
    });

    expect(manifest['status']).toBe('completed');
  });

  test('ends a run of runExperiment', async ({ dir }) => {
    const options = { name: 'by-experiment', stopOnNaN: true, sinks: [] };
    const experiment = defineExperiment(options, () => logger.log({ a: Number.NaN }));

    const run = runExperiment(experiment, {}, { root: dir });

    await expect(run).rejects.toMatchObject({ code: 'EXP_NAN' });
  });

  test('ends a busy run of run-exp', async ({ dir }) => {
    makeProject(dir);
    writeFiles(dir, {
      'main.ts': `
        import { experiment, logger } from 'exptools';
        const options = { name: 'busy', stopOnNaN: ['loss'], sinks: ['csv'] } as const;
        export default experiment(options, () => {
          for (let loss = 1; ; loss = loss > 1e300 ? NaN : loss * 10) logger.log({ loss });
        });`,
    });

    const { code, stderr } = await runExp(['main.ts'], { cwd: dir });

    expect(code).toBe(1);
    expect(stderr).toContain('The metric "loss" is nan at step 301; stopOnNaN ends the run.');
    expect(manifestOf(runDirs(join(dir, 'runs'), 'busy')[0]!)['status']).toBe('failed');
  });
});

test('a watched metric that was never logged is said at the end, with the nearest', async ({
  dir,
}) => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);

  await guarded(dir, ['train/los'], () => logger.log({ 'train/loss': 1 }));

  const said = write.mock.calls.map(([text]) => String(text)).join('');
  write.mockRestore();
  expect(said).toContain(
    'stopOnNaN watches "train/los", which was never logged. Did you mean "train/loss"?',
  );
});

plain('what is no list of tags is refused where the experiment is defined', () => {
  const stopOnNaN = 'train/loss' as unknown as string[];

  expect(() => defineExperiment({ name: 'bad-guard', stopOnNaN }, () => {})).toThrow(
    'stopOnNaN must be true or a list of tags, such as ["train/loss"], got "train/loss".',
  );
});

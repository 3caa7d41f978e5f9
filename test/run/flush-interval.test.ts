import { describe, expect, vi } from 'vitest';
import { defineExperiment } from '../../src/experiment/experiment.ts';
import { logger, openRun } from '../../src/index.ts';
import { memorySink } from '../../src/testing.ts';
import { test as base } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';
import { runExp } from '../helpers/run-exp.ts';

/** A test that sets EXP_FLUSH_INTERVAL. */
const test = base.extend<{ variable: (text: string) => unknown }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads which fixtures this one needs
  variable: async ({}, use) => {
    await use((text) => vi.stubEnv('EXP_FLUSH_INTERVAL', text));
    vi.unstubAllEnvs();
  },
});

/** How many of three rows have reached the sinks before the run is over. */
async function seenOfThree(root: string, flushInterval?: number): Promise<number> {
  const sink = memorySink();
  const options = { name: 'flush', root, sinks: [sink] };
  await using _run = await openRun({
    ...options,
    ...(flushInterval !== undefined && { flushInterval }),
  });
  for (let i = 0; i < 3; i++) logger.log({ i });
  return sink.rows.length;
}

describe('the flush interval', () => {
  test('of 0 hands over every row at once', async ({ dir }) => {
    expect(await seenOfThree(dir, 0)).toBe(3);
  });

  test('of a minute lets rows wait', async ({ dir }) => {
    expect(await seenOfThree(dir, 60)).toBe(0);
  });

  test('of a year is not taken for none, nor are system metrics of every year', async ({ dir }) => {
    const warn = vi.spyOn(process, 'emitWarning');
    const year = 365 * 24 * 3600;
    const sink = memorySink();
    const options = { flushInterval: year, systemMetrics: { every: year }, sinks: [sink] };

    await openRun({ name: 'flush', root: dir, ...options }, async () => {
      logger.log({ i: 0 });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(sink.rows).toEqual([]);
    });

    // The row and, where the run was long enough to be measured, the machine at its end.
    expect(sink.rows.length).toBeLessThanOrEqual(2);
    expect(sink.table()[0]).toEqual({ step: 0, i: 0 });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  test('of the environment wins', async ({ dir, variable }) => {
    variable('0');

    expect(await seenOfThree(dir, 60)).toBe(3);
  });

  test('of an experiment holds for its runs', async ({ dir }) => {
    const sink = memorySink();
    let seen = 0;
    const options = { name: 'flush', sinks: [sink], flushInterval: 0 };
    const experiment = defineExperiment(options, () => {
      logger.log({ i: 0 });
      seen = sink.rows.length;
    });

    await experiment.run({}, { root: dir });

    expect(seen).toBe(1);
  });

  test.for([[-1], [Number.NaN], [Infinity]] as const)('cannot be %d', async ([given], { dir }) => {
    await expect(seenOfThree(dir, given)).rejects.toThrow(
      `flushInterval must be a number of seconds, 0 or more, got ${given}.`,
    );
  });

  test('of the environment must be a number, too', async ({ dir, variable }) => {
    variable('1s');

    await expect(seenOfThree(dir)).rejects.toThrow(
      'EXP_FLUSH_INTERVAL must be a number of seconds, 0 or more, got 1s.',
    );
  });

  test('of a project file must be one, and is named with its line', async ({ dir }) => {
    writeFiles(dir, {
      'exptools.config.yaml': 'root: runs\nflushInterval: soon\n',
      'main.mjs': '',
    });

    const { code, stderr } = await runExp(['ls'], { cwd: dir });

    expect(code).toBe(2);
    expect(stderr).toContain(
      'exptools.config.yaml:2: "flushInterval" must be a number of seconds, 0 or more, got "soon".',
    );
  });

  test('reaches new tags sooner: their columns may take time', async ({ dir }) => {
    const sink = memorySink();
    await using _run = await openRun({ name: 'flush', root: dir, sinks: [sink], flushInterval: 5 });
    const spin = (ms: number): void => {
      for (const from = Date.now(); Date.now() < from + ms;);
    };
    for (let i = 0; i < 2048; i++) logger.log({ i });

    spin(600);
    logger.log({ i: 1 });
    const usual = sink.rows.length;
    logger.log({ late: 1 });

    expect(usual).toBe(2048);
    expect(sink.rows).toHaveLength(2050);
  });
});

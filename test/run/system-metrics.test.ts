import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, vi } from 'vitest';
import { logger, openRun } from '../../src/index.ts';
import { readGpuLoad } from '../../src/run/gpu-load.ts';
import { memorySink, type MemorySink } from '../../src/testing.ts';
import { makeProject } from '../helpers/project.ts';
import { runExp } from '../helpers/run-exp.ts';
import { manifestOf, progressOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';
import { writeFiles } from '../helpers/typescript-project.ts';

afterEach(() => vi.unstubAllEnvs());

const HOST = [
  'system/cpu_percent',
  'system/machine_cpu_percent',
  'system/memory_mib',
  'system/heap_mib',
  'system/machine_memory_percent',
];
const LOOP = ['system/loop_delay_ms', 'system/loop_delay_p99_ms', 'system/loop_delay_max_ms'];

function systemRows({ rows }: MemorySink) {
  return rows.filter(({ tags }) => tags.some((tag) => tag.startsWith('system/')));
}

/** Waits for system metrics at this step; rows come in batches, a second apart. */
function untilMeasuredAt(sink: MemorySink, wanted: number): Promise<void> {
  const patience = { timeout: 10_000, interval: 50 };
  return vi.waitFor(
    () => expect(systemRows(sink).map(({ step }) => step)).toContain(wanted),
    patience,
  );
}

/** Keeps the processor busy without yielding. */
function burn(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;);
}

/** Puts a program called nvidia-smi first on the path: it prints this, in the documented format. */
function fakeNvidiaSmi(dir: string, script: string): void {
  const bin = mkdtempSync(join(dir, 'bin-'));
  writeFileSync(join(bin, 'nvidia-smi'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'nvidia-smi'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
}

// Made by hand after the format that nvidia-smi documents.
const GPUS = `cat <<'END'
0, GPU-5a5a0000-1111-2222-3333-444444444444, 97, 30512
1, GPU-5b5b0000-1111-2222-3333-444444444444, 0, 3
2, GPU-5c5c0000-1111-2222-3333-444444444444, [N/A], [Not Supported]
END`;

describe('system metrics', () => {
  test('are rows of their own, and disturb no step of the run', async ({ dir }) => {
    const sink = memorySink();
    const options = { name: 'measured', root: dir, sinks: [sink, 'csv' as const] };
    const run = await openRun({ ...options, systemMetrics: { every: 0.1 } });

    logger.log({ x: 1 });
    await untilMeasuredAt(sink, 0);
    logger.log({ x: 2 }, { step: 40 });
    await untilMeasuredAt(sink, 40);
    logger.log({ x: 3 });
    await run.close();

    const own = sink.rows.filter(({ tags }) => tags.includes('x'));
    expect(own.map(({ step }) => step)).toEqual([0, 40, 41]);
    const system = systemRows(sink);
    expect(system.length).toBeGreaterThanOrEqual(2);
    for (const { step } of system) expect([0, 40, 41]).toContain(step);
    for (const { tags } of system) expect(tags).toEqual(expect.arrayContaining(HOST));
    expect(progressOf(run.dir)).toHaveLength(sink.rows.length);
    expect(run.summary).toEqual({ x: 3 });
    expect(manifestOf(run.dir)).toMatchObject({ step: 41, summary: { x: 3 } });
  });

  test('leave the first step to the run', async ({ dir }) => {
    const sink = memorySink();
    await using run = await openRun({
      name: 'measured',
      root: dir,
      sinks: [sink],
      systemMetrics: { every: 0.1 },
    });

    await untilMeasuredAt(sink, 0);
    logger.log({ x: 1 });
    expect(run.rows.step).toBe(0);
  });

  test('tell work from rest, and how late the loop is', async ({ dir }) => {
    const sink = memorySink();
    const options = { name: 'measured', root: dir, sinks: [sink] };
    await openRun({ ...options, systemMetrics: { every: 60 } }, async () => {
      await sleep(50);
      burn(300);
      await sleep(50);
    });

    const [row] = systemRows(sink);
    const values = new Map(row!.tags.map((tag, i) => [tag, row!.values[i] as number]));
    expect([...values.keys()]).toEqual(expect.arrayContaining([...HOST, ...LOOP]));
    expect(values.get('system/cpu_percent')).toBeGreaterThan(1);
    expect(values.get('system/loop_delay_max_ms')).toBeGreaterThan(100);
    expect(values.get('system/memory_mib')).toBeCloseTo(process.memoryUsage.rss() / 2 ** 20, -2);
    expect(values.get('system/machine_memory_percent')).toBeLessThan(100);
  });

  test('come from a loop that never yields, too', async ({ dir }) => {
    const sink = memorySink();
    const options = { name: 'measured', root: dir, sinks: [sink] };
    await openRun({ ...options, systemMetrics: { every: 0.2 } }, () => {
      for (let i = 0; i < 25; i++) {
        burn(100);
        logger.log({ i });
      }
    });

    expect(systemRows(sink).length).toBeGreaterThanOrEqual(2);
  });

  test('hold the GPUs that the run sees', async ({ dir }) => {
    fakeNvidiaSmi(dir, GPUS);
    vi.stubEnv('CUDA_VISIBLE_DEVICES', '1,0');
    const sink = memorySink();
    await using _run = await openRun({
      name: 'measured',
      root: dir,
      sinks: [sink],
      systemMetrics: { every: 0.2 },
    });

    await vi.waitFor(
      () => {
        const row = systemRows(sink).at(-1);
        const values = Object.fromEntries(row!.tags.map((tag, i) => [tag, row!.values[i]]));
        expect(values).toMatchObject({
          'system/gpu0_percent': 0,
          'system/gpu0_memory_mib': 3,
          'system/gpu1_percent': 97,
          'system/gpu1_memory_mib': 30512,
        });
      },
      { timeout: 10_000 },
    );
  });

  test('never wait for a driver that hangs', async ({ dir }) => {
    fakeNvidiaSmi(dir, 'exec sleep 30');
    const sink = memorySink();
    const from = performance.now();
    await openRun(
      { name: 'measured', root: dir, sinks: [sink], systemMetrics: { every: 0.1 } },
      () => sleep(350),
    );

    expect(performance.now() - from).toBeLessThan(5_000);
    expect(systemRows(sink).length).toBeGreaterThanOrEqual(2);
  });

  test('are asked for by a flag, which also takes them away, and let the process end', async ({
    dir,
  }) => {
    makeProject(dir);
    fakeNvidiaSmi(dir, 'exec sleep 30');
    writeFiles(dir, {
      'exptools.config.yaml': 'systemMetrics: { every: 0.2 }\nsinks: [csv]\n',
      'main.ts': `
        import { experiment, logger } from 'exptools';
        export default experiment({ name: 'measured' }, async () => {
          logger.log({ x: 1 });
          await new Promise((resolve) => setTimeout(resolve, 500));
        });`,
    });
    const headers: string[] = [];
    for (const flags of [[], ['--system-metrics', '0'], ['--system-metrics', '0.1']]) {
      const { code } = await runExp(['main.ts', ...flags], { cwd: dir });
      expect(code).toBe(0);
      const run = runDirs(join(dir, 'runs'), 'measured').at(-1)!;
      headers.push(readFileSync(join(run, 'progress.csv'), 'utf8').split('\n')[0]!);
    }

    const isMeasured = headers.map((header) => header.includes('system/cpu_percent'));
    expect(isMeasured).toEqual([true, false, true]);
  });

  test('refuse a time that is none', async ({ dir }) => {
    const run = openRun({ name: 'measured', root: dir, systemMetrics: { every: 0 } });

    await expect(run).rejects.toThrow('systemMetrics.every must be at least 0.1 seconds, got 0.');
  });
});

describe('the load of GPUs', () => {
  const [a, b, c] = [{ percent: 97, memoryMib: 30512 }, { percent: 0, memoryMib: 3 }, {}];

  test.for([
    { visible: undefined, loads: [a, b, c] },
    { visible: '', loads: [] },
    { visible: '2,0', loads: [c, a] },
    { visible: 'GPU-5b5b', loads: [b] },
    { visible: '1,9,0', loads: [b] },
    { visible: 'MIG-5a5a', loads: [] },
  ])(
    'is of those in CUDA_VISIBLE_DEVICES=$visible, in its order',
    async ({ visible, loads }, { dir }) => {
      fakeNvidiaSmi(dir, GPUS);
      const { CUDA_VISIBLE_DEVICES: _, ...env } = process.env;

      const found = await readGpuLoad({
        ...env,
        ...(visible !== undefined && { CUDA_VISIBLE_DEVICES: visible }),
      });

      expect(found).toEqual(loads);
    },
  );

  test.for([
    ['is none', undefined],
    ['finds no GPU', 'echo "No devices were found"; exit 6'],
  ] as const)('is not known where nvidia-smi %s', async ([, script], { dir }) => {
    vi.stubEnv('PATH', dir);
    if (script !== undefined) fakeNvidiaSmi(dir, script);

    expect(await readGpuLoad(process.env)).toBeUndefined();
  });
});

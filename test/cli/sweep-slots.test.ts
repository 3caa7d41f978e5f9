import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Slot } from '../../src/core/launcher.ts';
import { allowedCpus, parseCpuList } from '../../src/launch/cpus.ts';
import { canPin } from '../../src/launch/pinning.ts';
import { REPO, runExp, start, type Finished } from '../helpers/run-exp.ts';
import { manifestOf, runDirs } from '../helpers/stored.ts';
import { test } from '../helpers/temp-dir.ts';

const FILE = 'test/fixtures/slot/main.ts';
const BIN = join(REPO, 'dist/src/cli/run-exp.js');

describe('a slot of a sweep', () => {
  test('pins its runs, and all they start, to CPUs of its own', async ({ dir, skip }) => {
    skip(!canPin() || allowedCpus().length < 2, 'needs taskset and two CPUs');

    await runExp([FILE, '--sweep', '--slots', '2', '--root', dir]);

    const runs = runsOf(dir);
    const shares = runs.map(({ affinity }) => affinity.cpus.join(',') as string);
    expect(new Set(shares).size).toBe(2);
    for (const { affinity, result } of runs) {
      expect(parseCpuList(affinity.allowed)).toEqual(affinity.cpus);
      expect(parseCpuList(result.cpus)).toEqual(affinity.cpus);
    }
  });

  test('shares out only what the launcher itself may use', async ({ dir, skip }) => {
    skip(!canPin(), 'needs taskset');
    const cpu = allowedCpus().at(-1)!;

    await runExpOn(cpu, dir);

    const runs = runsOf(dir);
    expect(runs).toHaveLength(4);
    for (const { affinity } of runs) {
      expect(affinity).toMatchObject({ slot: 0, cpus: [cpu], allowed: String(cpu) });
    }
  });

  test('is not pinned when there are more slots than CPUs', async ({ dir, skip }) => {
    skip(!canPin(), 'needs taskset');
    const cpu = allowedCpus().at(-1)!;

    await runExpOn(cpu, dir, '--slots', '2');

    expect(runsOf(dir).map(({ affinity }) => affinity.cpus as unknown)).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    expect(new Set(runsOf(dir).map(({ affinity }) => affinity.slot as number)).size).toBe(2);
  });

  test.for([
    { visible: '0,1', slots: '2', shares: ['0', '1'] },
    { visible: '2', slots: '2', shares: ['2', '2'] },
    { visible: 'GPU-a, GPU-b ,GPU-c', slots: '1', shares: ['GPU-a,GPU-b,GPU-c'] },
    { visible: '', slots: '2', shares: ['', ''] },
  ])(
    'gets its share of CUDA_VISIBLE_DEVICES="$visible"',
    async ({ visible, slots, shares }, { dir }) => {
      const env = { CUDA_VISIBLE_DEVICES: visible };

      await runExp([FILE, '--sweep', '--slots', slots, '--root', dir], { env });

      for (const { affinity, result } of runsOf(dir)) {
        const share = shares[affinity.slot as number]!;
        expect(result.gpus).toBe(share);
        expect(affinity.gpus).toEqual(share === '' ? [] : share.split(','));
      }
    },
  );
});

describe('--affinity', () => {
  test('gives runs the whole cores that they need, as run-exp slots shows', async ({
    dir,
    skip,
  }) => {
    skip(!canPin(), 'needs taskset');
    const shown = await runExp(['slots', '--affinity', 'cores=1', '--json']);
    const { slots } = JSON.parse(shown.stdout) as { slots: readonly Slot[] };

    const { code } = await runExp([FILE, '--sweep', '--affinity', 'cores=1', '--root', dir]);

    const runs = runsOf(dir);
    expect(code).toBe(0);
    expect(runs).toHaveLength(4);
    for (const { affinity, result } of runs) {
      const { cpus } = slots[affinity.slot as number]!;
      expect(affinity.cpus).toEqual(cpus);
      expect(parseCpuList(result.cpus)).toEqual(cpus);
    }
  });

  test('lets runs share GPUs, which are filled first', async ({ dir }) => {
    const needs = ['--affinity', 'share=2', '--slots', '4'];
    const env = { CUDA_VISIBLE_DEVICES: 'MIG-a,MIG-b' };

    const { code } = await runExp([FILE, '--sweep', ...needs, '--root', dir], { env });

    expect(code).toBe(0);
    for (const { affinity, result } of runsOf(dir)) {
      expect(result.gpus).toBe(['MIG-a', 'MIG-b'][(affinity.slot as number) % 2]);
    }
  });

  test('none leaves runs unpinned, with all GPUs', async ({ dir }) => {
    const env = { CUDA_VISIBLE_DEVICES: '0,1' };

    await runExp([FILE, '--sweep', '--affinity', 'none', '--root', dir], { env });

    for (const { affinity, result } of runsOf(dir)) {
      expect(affinity.cpus).toBeUndefined();
      expect(result.gpus).toBe('0,1');
    }
  });

  test.for([
    { args: ['--sweep', '--affinity', 'core=1'], says: 'Did you mean "cores"?' },
    { args: ['--sweep', '--affinity', 'cores=9999'], says: 'no room for a run with 9999 cores' },
    { args: ['--affinity', 'auto'], says: '--affinity is for sweeps.' },
  ])('$args starts nothing', async ({ args, says }, { dir }) => {
    const { code, stderr } = await runExp([FILE, ...args, '--root', dir]);

    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(readdirSync(dir)).toEqual([]);
  });
});

function runsOf(root: string): Record<string, any>[] {
  return runDirs(root, 'slot').map(manifestOf);
}

/** Runs the sweep with a launcher that may use one CPU only. */
function runExpOn(cpu: number, root: string, ...args: string[]): Promise<Finished> {
  const command = [process.execPath, BIN, FILE, '--sweep', '--root', root, ...args];
  return start('taskset', ['-c', String(cpu), ...command]).finished;
}
